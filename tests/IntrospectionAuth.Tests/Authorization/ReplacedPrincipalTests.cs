using System.Net;
using System.Security.Claims;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>Applications that replace the principal: the token stays fresh.</summary>
public sealed class ReplacedPrincipalTests : BadDayTest
{
    [Fact]
    public async Task A_fresh_token_covers_a_principal_that_an_event_replaced()
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services.AddAuthentication().AddOAuthIntrospection(options => options.Events.OnTokenValidated = ReplacePrincipalAsync),
                Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
                Time = Time,
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/now", Server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_fresh_token_covers_a_principal_that_a_claims_transformation_replaced()
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddSingleton<IClaimsTransformation, OwnIdentity>();
                    services.AddAuthentication().AddOAuthIntrospection(_ => { });
                },
                Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
                Time = Time,
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/now", Server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("good")]
    public async Task A_fresh_token_covers_a_replaced_principal_under_a_policy_with_several_schemes(string? key)
    {
        string[] both = [OAuthIntrospectionDefaults.AuthenticationScheme, ApiKeyHandler.Name];
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options => options.Events.OnTokenValidated = ReplacePrincipalAsync)
                        .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null),
                Endpoints = app =>
                    app.MapGet("/now", () => "now")
                        .RequireFreshToken(TimeSpan.Zero)
                        .RequireAuthorization(new AuthorizationPolicyBuilder(both).RequireAuthenticatedUser().Build()),
                Time = Time,
            }
        );

        Assert.Equal(HttpStatusCode.OK, await SendAsync(Server.IssueToken("read")));
        // A key is not a fresh token.
        Assert.Equal(key is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, await SendAsync(token: null));

        async Task<HttpStatusCode> SendAsync(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/now");
            if (token is not null)
                request.Headers.Authorization = new("Bearer", token);
            if (key is not null)
                request.Headers.Add("X-Api-Key", key);
            using HttpResponseMessage response = await api.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    private static Task ReplacePrincipalAsync(TokenValidatedContext context)
    {
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity(context.Principal!.Claims, "own"));
        return Task.CompletedTask;
    }

    private sealed class OwnIdentity : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) =>
            Task.FromResult(new ClaimsPrincipal(new ClaimsIdentity(principal.Claims, "own")));
    }
}
