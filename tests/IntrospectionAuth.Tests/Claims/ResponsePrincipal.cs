using System.Security.Claims;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Tests.Claims;

/// <summary>Creates the principal and the ticket from the JSON of a response.</summary>
internal static class ResponsePrincipal
{
    public static async Task<AuthenticateResult> AuthenticateAsync(string body, Action<OAuthIntrospectionOptions>? configure = null)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, body);
        await using TestApi api = await TestApi.StartAsync(server, configure);
        return await api.AuthenticateAsync("opaque-4711");
    }

    public static async Task<ClaimsPrincipal> ReadAsync(string body, Action<OAuthIntrospectionOptions>? configure = null)
    {
        AuthenticateResult result = await AuthenticateAsync(body, configure);
        Assert.True(result.Succeeded, result.Failure?.Message);
        return result.Principal;
    }

    /// <summary>The claims in order: <c>type=value</c>, separated by <c> | </c>.</summary>
    public static string Describe(this ClaimsPrincipal principal) =>
        string.Join(" | ", principal.Claims.Select(claim => $"{claim.Type}={claim.Value}"));
}
