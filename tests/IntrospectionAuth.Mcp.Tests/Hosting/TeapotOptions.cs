using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Mcp.Tests.Hosting;

internal sealed class TeapotOptions : AuthenticationSchemeOptions;
