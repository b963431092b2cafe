using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace IntrospectionAuth.Integrations.Tests.Hubs;

/// <summary>A hub that requires the scope read, with a method that also requires write.</summary>
[Authorize(Policy = "scope:read")]
public sealed class ScopedHub : Hub
{
    public string Read() => Context.User!.HasClaim("scope", "read") ? "read" : "";

    [Authorize(Policy = "scope:write")]
    public string Write() => Context.User!.HasClaim("scope", "write") ? "written" : "";
}
