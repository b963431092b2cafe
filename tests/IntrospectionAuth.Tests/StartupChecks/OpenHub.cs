using Microsoft.AspNetCore.SignalR;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>A hub that requires nothing by itself.</summary>
public sealed class OpenHub : Hub;
