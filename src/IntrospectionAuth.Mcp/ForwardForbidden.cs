using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;

namespace IntrospectionAuth.Mcp;

/// <summary>
/// Has the scheme that authenticates requests also forbid them, where <c>AddMcp</c> of the SDK challenges: its 403 names no scope.
/// </summary>
internal sealed class ForwardForbidden(IOptions<AuthenticationOptions> authentication) : IPostConfigureOptions<McpAuthenticationOptions>
{
    public void PostConfigure(string? name, McpAuthenticationOptions options)
    {
        string? scheme = authentication.Value.DefaultAuthenticateScheme ?? authentication.Value.DefaultScheme;
        if (scheme == name) // AddMcp authenticates by another scheme itself
            scheme = options.ForwardAuthenticate;
        if (options.ForwardForbid is null && options.ForwardDefault is null)
            options.ForwardForbid = scheme;
    }
}
