using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>What the caller gets does not depend on the order in which schemes are named, nor on who asked for the challenge.</summary>
public sealed class ForeignSchemeOrderTests
{
    private const string Ours = OAuthIntrospectionDefaults.AuthenticationScheme;

    [Theory]
    [InlineData("/policy", true)]
    [InlineData("/policy", false)]
    [InlineData("/explicit", true)]
    [InlineData("/explicit", false)]
    public async Task A_server_that_is_down_is_503(string path, bool oursFirst)
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
    public async Task A_malformed_token_is_400(string path, bool oursFirst)
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
    public async Task A_middleware_that_redirects_refusals_on_purpose_has_its_way()
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
