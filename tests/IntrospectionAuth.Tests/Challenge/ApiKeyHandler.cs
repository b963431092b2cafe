using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>Another scheme: a key in X-Api-Key, of which only "good" is accepted.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "ApiKey";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(
            Request.Headers["X-Api-Key"].ToString() switch
            {
                "" => AuthenticateResult.NoResult(),
                "good" => AuthenticateResult.Success(
                    new(new ClaimsPrincipal(new ClaimsIdentity([new("scope", "read write")], Name)), Name)
                ),
                _ => AuthenticateResult.Fail("The key is not known."),
            }
        );

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.Append("WWW-Authenticate", "ApiKey realm=\"keys\"");
        return Task.CompletedTask;
    }
}
