using System.Net;
using System.Security.Claims;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Authorization;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>
/// An unavailable server when another scheme writes the challenge: the caller gets neither a login page nor 403.
/// </summary>
public sealed class UnavailableServerTests : IAsyncDisposable
{
    private const string Ours = OAuthIntrospectionDefaults.AuthenticationScheme;
    private const string Cookies = "Cookies";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public UnavailableServerTests() => _server.RespondWith(503, headers: [new("Retry-After", "30")]);

    /// <summary>The scheme that challenges, and the requested path.</summary>
    public static TheoryData<string, string> Challengers
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string challenger in new[] { "cookie", "key", "forward challenge", "policy scheme", "selector", "custom" })
            {
                foreach (
                    string path in new[]
                    {
                        "/me",
                        "/read",
                        "/named",
                        "/filtered/plain",
                        "/filtered/gold",
                        "/hub/negotiate?negotiateVersion=1",
                    }
                )
                {
                    data.Add(challenger, path);
                }
            }

            return data;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Challengers))]
    public async Task The_status_is_503_whichever_scheme_writes_the_challenge(string challenger, string path)
    {
        await using TestApi api = await StartAsync(challenger);

        using HttpResponseMessage response = await SendAsync(api, path, "Bearer opaque-4711");

        AssertUnavailable(response);
        if (!path.StartsWith("/filtered", StringComparison.Ordinal))
            Assert.Contains("\"status\":503", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cookie")]
    [InlineData("key")]
    [InlineData("forward challenge")]
    public async Task A_rejected_token_gets_the_challenge_of_the_configured_scheme(string challenger)
    {
        _server.RespondWith(200, """{"active":false}""");
        await using TestApi api = await StartAsync(challenger);

        using HttpResponseMessage response = await SendAsync(api, "/me", "Bearer opaque-4711");

        Assert.Equal(
            challenger == "key" ? (HttpStatusCode.Unauthorized, "ApiKey realm=\"keys\"") : (HttpStatusCode.Found, ""),
            (response.StatusCode, response.Challenges())
        );
    }

    [Theory]
    [InlineData("/public", HttpStatusCode.OK)]
    [InlineData("/own/redirect", HttpStatusCode.Found)]
    [InlineData("/own/unauthorized", HttpStatusCode.Unauthorized)]
    [InlineData("/own/login", HttpStatusCode.Found)] // a challenge by hand, where anybody may come
    public async Task An_anonymous_endpoint_determines_its_own_status(string path, HttpStatusCode status)
    {
        await using TestApi api = await StartAsync("cookie");

        using HttpResponseMessage response = await SendAsync(api, path, "Bearer opaque-4711");

        Assert.Equal((status, null), (response.StatusCode, response.RetryAfter()));
    }

    [Theory]
    [InlineData("/own/challenge", "cookie", true)]
    [InlineData("/own/challenge", "forbid", true)]
    [InlineData("/own/forbid", "forbid", true)]
    [InlineData("/own/forbid/ours", "cookie", true)]
    [InlineData("/own/forbid/both", "cookie", true)]
    [InlineData("/own/challenge/both", "cookie", true)]
    public async Task A_challenge_by_the_application_that_includes_the_scheme_is_503(string path, string challenger, bool challengeOurs)
    {
        await using TestApi api = await StartAsync(challenger, challengeOurs);

        using HttpResponseMessage response = await SendAsync(api, path, "Bearer opaque-4711");

        AssertUnavailable(response);
    }

    [Fact]
    public async Task An_endpoint_for_another_scheme_alone_gets_the_challenge_of_that_scheme()
    {
        await using TestApi api = await StartAsync("cookie");

        using HttpResponseMessage response = await SendAsync(api, "/cookies", "Bearer opaque-4711");

        Assert.Equal((HttpStatusCode.Found, null), (response.StatusCode, response.RetryAfter()));
    }

    [Theory]
    [InlineData("/both")]
    [InlineData("/both/admin")]
    [InlineData("/both/gold")]
    [InlineData("/both/now")]
    public async Task The_status_is_503_although_another_scheme_authenticated_the_caller(string path)
    {
        await using TestApi api = await StartAsync("key");

        using HttpResponseMessage response = await SendAsync(api, path, "Bearer opaque-4711", key: "good");

        AssertUnavailable(response);
    }

    [Theory]
    [InlineData("/both/read")]
    [InlineData("/me/key")]
    public async Task A_policy_that_another_scheme_satisfies_allows_the_request(string path)
    {
        await using TestApi api = await StartAsync("key");

        using HttpResponseMessage response = await SendAsync(api, path, "Bearer opaque-4711", key: "good");

        Assert.Equal((HttpStatusCode.OK, null), (response.StatusCode, response.RetryAfter()));
    }

    [Fact]
    public async Task The_applications_result_handler_may_change_the_status()
    {
        await using TestApi api = await StartAsync("hiding");

        using HttpResponseMessage response = await SendAsync(api, "/me", "Bearer opaque-4711");

        Assert.Equal(
            (HttpStatusCode.NotFound, "hidden", null),
            (response.StatusCode, await response.Content.ReadAsStringAsync(), response.RetryAfter())
        );
    }

    [Fact]
    public async Task The_applications_result_handler_may_run_the_endpoint()
    {
        await using TestApi api = await StartAsync("lenient");

        using HttpResponseMessage response = await SendAsync(api, "/own/redirect/authorized", "Bearer opaque-4711");

        Assert.Equal(
            (HttpStatusCode.Found, "/elsewhere", null),
            (response.StatusCode, response.Headers.Location?.ToString(), response.RetryAfter())
        );
    }

    [Theory]
    [InlineData("/me", 503)]
    [InlineData("/read", 503)]
    [InlineData("/public", 200)]
    public async Task A_middleware_that_calls_AuthenticateAsync_changes_nothing(string path, int status)
    {
        await using TestApi api = await StartAsync("by hand");

        using HttpResponseMessage response = await SendAsync(api, path, "Bearer opaque-4711");

        Assert.Equal((status, status == 503 ? "30" : null), ((int)response.StatusCode, response.RetryAfter()));
        Assert.Null(response.Headers.Location);
    }

    [Fact]
    public async Task A_missing_scope_is_named_when_a_middleware_authenticated_the_user()
    {
        _server.RespondWith(200, """{"active":true,"scope":"other"}""");
        await using TestApi api = await StartAsync("by hand");

        using HttpResponseMessage response = await SendAsync(api, "/read", "Bearer opaque-4711");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.EndsWith(", scope=\"read\"", response.Challenges(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/filtered/plain")]
    [InlineData("/me")]
    public async Task The_status_is_503_over_a_socket(string path)
    {
        await using KestrelApi api = await KestrelApi.StartAsync(
            services =>
            {
                services
                    .AddAuthentication(options => (options.DefaultScheme, options.DefaultChallengeScheme) = (Ours, Cookies))
                    .AddOAuthIntrospection()
                    .AddCookie(Cookies);
                services.UseFakeAuthorizationServer(_server);
                services
                    .AddControllers(mvc =>
                        mvc.Filters.Add(new AuthorizeFilter(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()))
                    )
                    .AddApplicationPart(typeof(FilteredController).Assembly);
            },
            app => app.MapControllers()
        );

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, path, authorization: "Bearer opaque-4711");

        AssertUnavailable(response);
    }

    [Theory]
    [InlineData("/me")]
    [InlineData("/filtered/plain")]
    public async Task An_event_may_replace_the_503(string path)
    {
        await using TestApi api = await StartAsync("own words");

        using HttpResponseMessage response = await SendAsync(api, path, "Bearer opaque-4711");

        Assert.Equal((HttpStatusCode.Unauthorized, null), (response.StatusCode, response.RetryAfter()));
    }

    private static void AssertUnavailable(HttpResponseMessage response)
    {
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "30"), (response.StatusCode, response.RetryAfter()));
        Assert.Equal(("", null), (response.Challenges(), response.Headers.Location));
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    private static async Task<HttpResponseMessage> SendAsync(TestApi api, string path, string authorization, string? key = null)
    {
        bool isNegotiation = path.Contains("negotiate", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(isNegotiation ? HttpMethod.Post : HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        return await api.Client.SendAsync(request);
    }

    private Task<TestApi> StartAsync(string challenger, bool challengeOurs = false) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    DelegateResultHandler? resultHandler = challenger switch
                    {
                        "custom" => new((context, result, _, inner) => result.Challenged ? context.ChallengeAsync(Cookies) : inner()),
                        "hiding" => new((context, _, _, _) => Results.Text("hidden", statusCode: 404).ExecuteAsync(context)),
                        "lenient" => new((context, _, next, _) => next(context)),
                        _ => null,
                    };
                    if (resultHandler is not null)
                        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(resultHandler);

                    services
                        .AddAuthentication(options =>
                        {
                            options.DefaultScheme = challenger switch
                            {
                                "policy scheme" => "Policy",
                                "selector" => "Selector",
                                "by hand" => Cookies,
                                _ => Ours,
                            };
                            options.DefaultChallengeScheme = challenger switch
                            {
                                "cookie" or "custom" when !challengeOurs => Cookies,
                                "key" => ApiKeyHandler.Name,
                                _ => null,
                            };
                            options.DefaultForbidScheme = challenger is "forbid" or "by hand" ? Ours : null;
                        })
                        .AddOAuthIntrospection(options =>
                        {
                            options.ForwardChallenge = challenger == "forward challenge" ? Cookies : null;
                            if (challenger == "own words")
                            {
                                options.Events.OnChallenge = context =>
                                {
                                    context.StatusCode = 401;
                                    return Task.CompletedTask;
                                };
                            }
                        })
                        .AddCookie(Cookies)
                        .AddPolicyScheme(
                            "Policy",
                            displayName: null,
                            policy => (policy.ForwardDefault, policy.ForwardChallenge, policy.ForwardForbid) = (Ours, Cookies, Cookies)
                        )
                        .AddBearerSelector("Selector", selector => selector.ForwardOpaque(Ours).DefaultScheme = Cookies)
                        .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null);
                    services
                        .AddControllers(mvc =>
                            mvc.Filters.Add(new AuthorizeFilter(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()))
                        )
                        .AddApplicationPart(typeof(FilteredController).Assembly);
                    services.AddSignalR();
                },
                Endpoints = app =>
                {
                    if (challenger == "by hand")
                    {
                        app.UseAuthentication();
                        app.Use(
                            async (context, next) =>
                            {
                                context.User = (await context.AuthenticateAsync(Ours)).Principal ?? context.User;
                                await next(context);
                            }
                        );
                        app.UseAuthorization();
                    }

                    app.MapGet("/own/redirect/authorized", () => Results.Redirect("/elsewhere")).RequireAuthorization();
                    app.MapGet("/named", () => "")
                        .RequireAuthorization(policy => policy.AddAuthenticationSchemes(Ours, Cookies).RequireAuthenticatedUser());
                    app.MapGet("/cookies", () => "")
                        .RequireAuthorization(policy => policy.AddAuthenticationSchemes(Cookies).RequireAuthenticatedUser());
                    app.MapHub<PlainHub>("/hub").RequireAuthorization();

                    app.MapGet("/own/redirect", () => Results.Redirect("/elsewhere"));
                    app.MapGet("/own/unauthorized", () => Results.Unauthorized());
                    app.MapGet("/own/login", () => Results.Challenge(authenticationSchemes: [Cookies]));
                    app.MapGet("/own/challenge", () => Results.Challenge());
                    app.MapGet("/own/forbid", () => Results.Forbid());
                    app.MapGet("/own/forbid/ours", () => Results.Forbid(authenticationSchemes: [Ours]));
                    app.MapGet("/own/forbid/both", () => Results.Forbid(authenticationSchemes: [Ours, Cookies]));
                    app.MapGet("/own/challenge/both", () => Results.Challenge(authenticationSchemes: [Ours, Cookies]));

                    string[] both = [ApiKeyHandler.Name, Ours];
                    app.MapGet("/both", () => "").RequireAuthorization(new AuthorizationPolicyBuilder(both).RequireRole("editor").Build());
                    app.MapGet("/both/read", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(both).RequireScope("read").Build());
                    app.MapGet("/both/admin", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(both).RequireScope("admin").Build());
                    app.MapGet("/both/gold", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(both).RequireAcr("gold").Build());
                    app.MapGet("/both/now", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(both).RequireAuthenticatedUser().Build())
                        .RequireFreshToken(TimeSpan.Zero);
                    app.MapGet("/me/key", (ClaimsPrincipal user) => user.Identity!.AuthenticationType)
                        .RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyHandler.Name).RequireAuthenticatedUser());
                    app.MapControllers();
                },
            }
        );

    private sealed class PlainHub : Microsoft.AspNetCore.SignalR.Hub;
}
