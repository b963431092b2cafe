using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Mcp.Tests.Hosting;

/// <summary>A scheme that is recognized by how it forbids.</summary>
internal sealed class TeapotHandler(IOptionsMonitor<TeapotOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<TeapotOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = 418;
        return Task.CompletedTask;
    }
}
