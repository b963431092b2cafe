using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>Endpoints that no registered scheme authenticates are reported at startup.</summary>
public sealed class SchemeTests
{
    [Fact]
    public async Task Several_schemes_without_a_default_are_reported_with_the_endpoints_that_rely_on_it()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services => services.AddAuthentication().AddOAuthIntrospection("a").AddOAuthIntrospection("b"),
            app => app.MapGet("/named", [Authorize(AuthenticationSchemes = "b")] () => ""),
            "a",
            "b"
        );

        Assert.Equal(
            "Startup check DefaultScheme: There is no default scheme, so no request to GET /me, GET /read, GET /write is authenticated. "
                + "The registered schemes are: a, b. Name the default scheme, AddAuthentication(\"a\"), or the scheme of each endpoint, "
                + "[Authorize(AuthenticationSchemes = \"a\")]. If an endpoint accepts tokens of several schemes, use AddBearerSelector.",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
        await api.AssertStatusAsync("/named", server.IssueToken(), HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_default_scheme_that_is_not_registered_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, services => services.AddAuthentication("Bearer").AddOAuthIntrospection());

        Assert.Equal(
            "Startup check DefaultScheme: The default scheme \"Bearer\" is not registered, so no request to GET /me, GET /read, GET /write "
                + "is authenticated. The registered schemes are: OAuthIntrospection. Write AddAuthentication(\"OAuthIntrospection\").",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    [Fact]
    public async Task A_default_scheme_that_is_registered_later_works_in_spite_of_the_warning()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, services => services.AddAuthentication("later").AddOAuthIntrospection());
        var schemes = api.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        Type handler = (await schemes.GetSchemeAsync(OAuthIntrospectionDefaults.AuthenticationScheme))!.HandlerType;

        Assert.Single(StartupLog.Warnings(api.Log));
        Assert.Null(await schemes.GetDefaultAuthenticateSchemeAsync());
        schemes.AddScheme(new AuthenticationScheme("later", displayName: null, handler));
        Assert.NotNull(await schemes.GetDefaultAuthenticateSchemeAsync());
    }

    [Fact]
    public async Task A_scheme_that_a_policy_names_and_that_is_not_registered_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services => services.AddAuthentication().AddOAuthIntrospection(),
            app => app.MapGet("/it", [Authorize(AuthenticationSchemes = "Bearer")] () => "")
        );

        Assert.Equal(
            "Startup check UnregisteredScheme: The scheme \"Bearer\" is not registered, but it is named in AuthenticationSchemes of GET "
                + "/it. The registered schemes are: OAuthIntrospection. Name one of them, or none to use the default scheme.",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    [Fact]
    public async Task A_scheme_that_is_not_registered_is_reported_where_anonymous_callers_are_allowed_too()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services => services.AddAuthentication().AddOAuthIntrospection(),
            app =>
                app.MapGroup("/group")
                    .RequireAuthorization(new AuthorizationPolicyBuilder("typo").RequireAuthenticatedUser().Build())
                    .MapGet("/open", () => "")
                    .AllowAnonymous()
        );

        Assert.StartsWith(
            "Startup check UnregisteredScheme: The scheme \"typo\" is not registered, but it is named in AuthenticationSchemes of GET "
                + "/group/open.",
            Assert.Single(StartupLog.Warnings(api.Log)),
            StringComparison.Ordinal
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync("/group/open", token: null));
    }

    [Fact]
    public async Task A_default_scheme_for_challenges_that_is_not_registered_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartWithDefaultsAsync(server, challenge: null);

        Assert.Equal(
            "Startup check UnregisteredScheme: The scheme \"typo\" is not registered, but it is named in DefaultScheme of "
                + "AddAuthentication, so requests fail with 500. The registered schemes are: OAuthIntrospection. Name one of them, or "
                + "remove the setting.",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
        await api.AssertStatusAsync(server.IssueToken("read"), HttpStatusCode.OK);
        await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync("/read", token: null));
    }

    [Fact]
    public async Task A_default_scheme_that_others_replace_for_every_request_is_not_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartWithDefaultsAsync(server, OAuthIntrospectionDefaults.AuthenticationScheme);

        Assert.Empty(StartupLog.Warnings(api.Log));
        await api.AssertStatusAsync("/read", token: null, HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync("/read", server.IssueToken("other"), HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Several_schemes_with_a_selector_as_the_default_are_not_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services =>
                services
                    .AddAuthentication(BearerSelectorDefaults.AuthenticationScheme)
                    .AddOAuthIntrospection("a")
                    .AddOAuthIntrospection("b")
                    .AddBearerSelector(options => options.ForwardPrefix("a_", "a").DefaultScheme = "b"),
            endpoints: null,
            "a",
            "b"
        );

        Assert.Empty(StartupLog.Warnings(api.Log));
    }

    private static Task<TestApi> StartWithDefaultsAsync(FakeAuthorizationServer server, string? challenge) =>
        StartAsync(
            server,
            services =>
                services
                    .AddAuthentication(options =>
                    {
                        options.DefaultScheme = "typo";
                        options.DefaultAuthenticateScheme = OAuthIntrospectionDefaults.AuthenticationScheme;
                        options.DefaultChallengeScheme = challenge;
                    })
                    .AddOAuthIntrospection()
        );

    private static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        Action<IServiceCollection> services,
        Action<WebApplication>? endpoints = null,
        params string[] schemes
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services,
                Endpoints = endpoints,
                Schemes = schemes.Length > 0 ? schemes : [OAuthIntrospectionDefaults.AuthenticationScheme],
            }
        );
}
