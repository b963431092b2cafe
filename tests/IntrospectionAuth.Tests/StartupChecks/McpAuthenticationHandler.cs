using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

// The namespace of ModelContextProtocol.AspNetCore, whose handler is recognized by its name.
namespace ModelContextProtocol.AspNetCore.Authentication;

/// <summary>A handler with the name of the one that AddMcp registers.</summary>
internal sealed class McpAuthenticationHandler(IOptionsMonitor<McpAuthenticationOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<McpAuthenticationOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
}
