using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>An application that challenges or forbids a request itself, or changes the status after the schemes have.</summary>
public sealed class OwnChallengesTests : IAsyncDisposable
{
    private const string Token = "opaque-4711";
    private const string NotActive = "Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"";

    private readonly FakeAuthorizationServer _a = FakeAuthorizationServer.Create();
    private readonly FakeAuthorizationServer _b = FakeAuthorizationServer.Create();
    private int _forbidden;

    public OwnChallengesTests()
    {
        _a.RespondWith(200, """{"active":false}""");
        _b.RespondWith(200, """{"active":false}""");
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task The_status_that_an_endpoint_sets_after_its_challenges_stays_and_has_no_challenge_of_an_unavailable_server()
    {
        _a.RespondWith(503);
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await SendAsync(api, "/teapot");

        Assert.Equal((418, ""), ((int)response.StatusCode, response.Challenges()));
    }

    [Theory]
    [InlineData("/forbid/a")]
    [InlineData("/forbid/a/key")]
    [InlineData("/forbid/key/a")]
    public async Task A_rejected_token_is_challenged_where_the_application_forbids(string path)
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await SendAsync(api, path);

        Assert.Equal((HttpStatusCode.Unauthorized, NotActive, 0), (response.StatusCode, response.Challenges(), _forbidden));
    }

    [Fact]
    public async Task A_scheme_that_rejected_the_token_forbids_when_another_accepted_it_for_one_of_several_identities()
    {
        _b.RespondWith(200, """{"active":true}""");
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await SendAsync(api, "/key-and-b/forbid/a", key: "good");

        Assert.Equal((HttpStatusCode.Forbidden, "", 1), (response.StatusCode, response.Challenges(), _forbidden));
    }

    [Fact]
    public async Task An_authorized_endpoint_that_challenges_writes_its_own_body()
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await SendAsync(api, "/key/challenge/a", key: "good");

        Assert.Equal((HttpStatusCode.Unauthorized, NotActive), (response.StatusCode, response.Challenges()));
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_403_that_a_result_handler_adds_for_another_scheme_does_not_replace_the_challenge()
    {
        await using TestApi api = await StartAsync(
            resultHandler: new(
                async (context, _, _, inner) =>
                {
                    await inner();
                    await context.ForbidAsync(ApiKeyHandler.Name);
                }
            )
        );

        using HttpResponseMessage rejected = await SendAsync(api, "/admin", key: "good");
        using HttpResponseMessage none = await SendAsync(api, "/a", token: null);

        Assert.Equal((HttpStatusCode.Unauthorized, NotActive), (rejected.StatusCode, rejected.Challenges()));
        Assert.Equal(HttpStatusCode.Forbidden, none.StatusCode); // No token was rejected.
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // which the precedence of the unavailable server then replaces
    public async Task A_middleware_may_replace_the_503_of_an_unavailable_server(bool challengesOther)
    {
        _a.RespondWith(503);
        DelegateResultHandler? handler = challengesOther ? new((context, _, _, _) => context.ChallengeAsync(ApiKeyHandler.Name)) : null;
        await using TestApi api = await StartAsync(handler, redirects: true);

        using HttpResponseMessage response = await SendAsync(api, "/a", accept: "text/html");

        Assert.Equal((HttpStatusCode.Found, "/busy"), (response.StatusCode, response.Headers.Location?.ToString()));
    }

    private static async Task<HttpResponseMessage> SendAsync(
        TestApi api,
        string path,
        string? token = Token,
        string? key = null,
        string accept = "application/json"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        return await api.Client.SendAsync(request);
    }

    private Task<TestApi> StartAsync(DelegateResultHandler? resultHandler = null, bool redirects = false) =>
        TestApi.StartAsync(
            _a,
            new TestApiSetup
            {
                Services = services =>
                {
                    if (resultHandler is not null)
                        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(resultHandler);
                    services
                        .AddAuthentication(options => (options.DefaultScheme, options.DefaultChallengeScheme) = ("A", ApiKeyHandler.Name))
                        .AddOAuthIntrospection("A", CountForbidden)
                        .AddOAuthIntrospection("B", CountForbidden)
                        .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null);
                    services.UseFakeAuthorizationServer(_a, "A").UseFakeAuthorizationServer(_b, "B");
                },
                Schemes = [],
                Endpoints = app =>
                {
                    if (redirects)
                    {
                        app.Use(
                            async (context, next) =>
                            {
                                await next(context);
                                if (context.Response is { StatusCode: 503, HasStarted: false })
                                    context.Response.Redirect("/busy");
                            }
                        );
                    }

                    app.UseAuthentication();
                    app.UseAuthorization();
                    Map(app);
                },
            }
        );

    private void CountForbidden(OAuthIntrospectionOptions options) =>
        options.Events.OnForbidden = _ =>
        {
            _forbidden++;
            return Task.CompletedTask;
        };

    private static void Map(WebApplication app)
    {
        app.MapGet(
            "/teapot",
            async (HttpContext context) =>
            {
                await context.ChallengeAsync("A");
                await context.ChallengeAsync("B");
                context.Response.StatusCode = StatusCodes.Status418ImATeapot;
            }
        );
        app.MapGet("/forbid/a", () => Results.Forbid(authenticationSchemes: ["A"]));
        app.MapGet("/forbid/a/key", () => Results.Forbid(authenticationSchemes: ["A", ApiKeyHandler.Name]));
        app.MapGet("/forbid/key/a", () => Results.Forbid(authenticationSchemes: [ApiKeyHandler.Name, "A"]));
        app.MapGet("/key-and-b/forbid/a", () => Results.Forbid(authenticationSchemes: ["A"]))
            .RequireAuthorization(new AuthorizationPolicyBuilder(ApiKeyHandler.Name, "B").RequireAuthenticatedUser().Build());
        app.MapGet("/key/challenge/a", () => Results.Challenge(authenticationSchemes: ["A"]))
            .RequireAuthorization(new AuthorizationPolicyBuilder(ApiKeyHandler.Name).RequireAuthenticatedUser().Build());
        app.MapGet("/admin", () => "")
            .RequireAuthorization(new AuthorizationPolicyBuilder(ApiKeyHandler.Name, "A").RequireScope("admin").Build());
        app.MapGet("/a", () => "").RequireAuthorization();
    }
}
