using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>The challenge depends neither on the order of the schemes nor on the code that challenges.</summary>
public sealed class ForeignSchemeOrderTests
{
    private const string Ours = OAuthIntrospectionDefaults.AuthenticationScheme;

    [Theory]
    [InlineData("/policy", true)]
    [InlineData("/policy", false)]
    [InlineData("/explicit", true)]
    [InlineData("/explicit", false)]
    public async Task An_unavailable_server_yields_503_in_any_order_of_schemes(string path, bool oursFirst)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(500);
        await using TestApi api = await StartAsync(server, oursFirst);

        using HttpResponseMessage response = await api.GetAsync(path, "opaque-4711");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter!.Delta);
    }

    [Theory]
    [InlineData("/policy", true)]
    [InlineData("/policy", false)]
    [InlineData("/explicit", true)]
    [InlineData("/explicit", false)]
    public async Task A_malformed_token_yields_400_in_any_order_of_schemes(string path, bool oursFirst)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, oursFirst);

        using HttpResponseMessage response = await api.GetAsync(path, "not a token");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            response.Headers.WwwAuthenticate,
            challenge => challenge.ToString().Contains("invalid_request", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_middleware_may_redirect_a_final_challenge()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(500);
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Endpoints = app => app.UseStatusCodePagesWithRedirects("/error/{0}").UseAuthentication().UseAuthorization(),
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.Authorization = new("Bearer", "opaque-4711");
        request.Headers.Accept.ParseAdd("text/html");

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("/error/503", response.Headers.Location!.ToString());
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, bool oursFirst)
    {
        string[] schemes = oursFirst ? [Ours, ApiKeyHandler.Name] : [ApiKeyHandler.Name, Ours];
        return TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication(Ours)
                        .AddOAuthIntrospection()
                        .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, null),
                Endpoints = app =>
                {
                    app.MapGet("/policy", () => "in")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(schemes).RequireAuthenticatedUser().Build());
                    app.MapGet("/explicit", () => Results.Challenge(authenticationSchemes: schemes));
                },
            }
        );
    }
}
