using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>The application's own authorization keeps working.</summary>
public sealed class ExistingAuthorizationTests
{
    public static TheoryData<string> Registrations => ["type", "instance", "factory"];

    [Fact]
    public async Task A_registered_policy_takes_precedence_over_the_scope_policy_of_the_same_name()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services => services.AddAuthorization(options => options.AddPolicy("scope:read", policy => policy.RequireScope("special")))
        );

        using HttpResponseMessage special = await api.GetAsync("/read", server.IssueToken("special"));
        using HttpResponseMessage read = await api.GetAsync("/read", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, special.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Registrations))]
    public async Task A_policy_provider_registered_before_is_kept(string registration)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services =>
                Register<IAuthorizationPolicyProvider, TenantPolicyProvider>(
                    services,
                    registration,
                    () => new TenantPolicyProvider(Options.Create(new AuthorizationOptions()))
                ),
            app => app.MapGet("/tenant", () => "").RequireAuthorization("tenant:acme")
        );
        string acme = server.IssueToken(token => token.OrganizationId = "acme");
        string other = server.IssueToken(token => (token.OrganizationId, token.Scopes) = ("other", ["read"]));

        using HttpResponseMessage inside = await api.GetAsync("/tenant", acme);
        using HttpResponseMessage outside = await api.GetAsync("/tenant", other);
        using HttpResponseMessage read = await api.GetAsync("/read", other);
        using HttpResponseMessage write = await api.GetAsync("/write", other);

        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, outside.StatusCode);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
    }

    [Fact]
    public async Task A_policy_provider_is_decorated_once_with_several_schemes()
    {
        var asked = new List<string>();
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services =>
            {
                services.AddSingleton<IAuthorizationPolicyProvider>(new CountingPolicyProvider(asked));
                services
                    .AddAuthentication(OAuthIntrospectionDefaults.AuthenticationScheme)
                    .AddOAuthIntrospection(
                        "second",
                        options =>
                            (options.IntrospectionEndpoint, options.ClientId, options.ClientSecret) = ("https://auth.example.com", "a", "b")
                    )
                    .AddOAuthIntrospection(
                        "third",
                        options =>
                            (options.IntrospectionEndpoint, options.ClientId, options.ClientSecret) = ("https://auth.example.com", "a", "b")
                    );
            }
        );

        asked.Clear(); // the checks at startup

        using HttpResponseMessage response = await api.GetAsync("/read", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("scope:read", Assert.Single(asked));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AddAuthorization_may_come_before_or_after(bool after)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    if (!after)
                        services.AddAuthorization(Configure);
                    services.AddAuthentication().AddOAuthIntrospection(_ => { });
                    if (after)
                        services.AddAuthorization(Configure);
                },
                Endpoints = app => app.MapGet("/mine", () => "").RequireAuthorization("mine"),
            }
        );

        using HttpResponseMessage mine = await api.GetAsync("/mine", server.IssueToken("special"));
        using HttpResponseMessage read = await api.GetAsync("/read", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, mine.StatusCode);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);

        static void Configure(AuthorizationOptions options) => options.AddPolicy("mine", policy => policy.RequireScope("special"));
    }

    [Fact]
    public async Task The_fallback_policy_applies_to_endpoints_without_a_requirement()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services =>
                services.AddAuthorization(options =>
                    options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireScope("special").Build()
                )
        );

        using HttpResponseMessage without = await api.GetAsync("/public", token: null);
        using HttpResponseMessage read = await api.GetAsync("/public", server.IssueToken("read"));
        using HttpResponseMessage special = await api.GetAsync("/public", server.IssueToken("special"));

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
        Assert.Equal(HttpStatusCode.OK, special.StatusCode);
    }

    [Theory]
    [InlineData("/me")]
    [InlineData("/attribute")]
    public async Task The_default_policy_applies_in_addition_to_an_attribute(string path)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartWithDefaultPolicyAsync(server);

        using HttpResponseMessage without = await api.GetAsync(path, server.IssueToken("read"));
        using HttpResponseMessage with = await api.GetAsync(
            path,
            server.IssueToken(token => (token.Scopes, token.OrganizationId) = (["read"], "o"))
        );

        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
        Assert.Equal("", without.Challenges());
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    [Theory]
    [InlineData("/endpoint")]
    [InlineData("/group/endpoint")]
    public async Task The_default_policy_applies_in_addition_to_RequireScope(string path)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartWithDefaultPolicyAsync(server);

        using HttpResponseMessage without = await api.GetAsync(path, server.IssueToken("read"));
        using HttpResponseMessage with = await api.GetAsync(
            path,
            server.IssueToken(token => (token.Scopes, token.OrganizationId) = (["read"], "o"))
        );

        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Registrations))]
    public async Task A_result_handler_registered_before_is_kept(string registration)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services =>
                Register<IAuthorizationMiddlewareResultHandler, MarkingResultHandler>(
                    services,
                    registration,
                    () => new MarkingResultHandler()
                )
        );

        using HttpResponseMessage accepted = await api.GetAsync("/read", server.IssueToken("read"));
        using HttpResponseMessage refused = await api.GetAsync("/read", server.IssueToken("other"));

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal("succeeded", Assert.Single(accepted.Headers.GetValues("X-Result")));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("forbidden", Assert.Single(refused.Headers.GetValues("X-Result")));
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("good", HttpStatusCode.OK)]
    [InlineData("bad", HttpStatusCode.Unauthorized)]
    public async Task Space_separated_scopes_of_another_scheme_count(string key, HttpStatusCode status)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services =>
                services
                    .AddAuthentication()
                    .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null),
            app =>
                app.MapGet("/keys", () => "")
                    .RequireAuthorization(new AuthorizationPolicyBuilder(ApiKeyHandler.Name).RequireScope("write").Build())
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/keys");
        request.Headers.Add("X-Api-Key", key);

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
    }

    /// <summary>The default policy requires an org_id; /attribute, /endpoint and /group/endpoint require the scope read.</summary>
    private static Task<TestApi> StartWithDefaultPolicyAsync(FakeAuthorizationServer server) =>
        StartAsync(
            server,
            services =>
                services.AddAuthorization(options =>
                    options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim("org_id").Build()
                ),
            app =>
            {
                app.MapGet("/attribute", [RequireScope("read")] () => "");
                app.MapGet("/endpoint", () => "").RequireScope("read");
                app.MapGroup("/group").RequireScope("read").MapGet("/endpoint", () => "");
            }
        );

    private static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        Action<IServiceCollection> before,
        Action<WebApplication>? endpoints = null
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    before(services);
                    services.AddAuthentication(OAuthIntrospectionDefaults.AuthenticationScheme).AddOAuthIntrospection(_ => { });
                },
                Endpoints = endpoints,
            }
        );

    private static void Register<TService, TImplementation>(IServiceCollection services, string registration, Func<TImplementation> create)
        where TService : class
        where TImplementation : class, TService
    {
        _ = registration switch
        {
            "type" => services.AddSingleton<TService, TImplementation>(),
            "instance" => services.AddSingleton<TService>(create()),
            _ => services.AddTransient<TService>(_ => create()),
        };
    }

    private sealed class TenantPolicyProvider(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
    {
        public override Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) =>
            policyName.StartsWith("tenant:", StringComparison.Ordinal)
                ? Task.FromResult<AuthorizationPolicy?>(new AuthorizationPolicyBuilder().RequireClaim("org_id", policyName[7..]).Build())
                : base.GetPolicyAsync(policyName);
    }

    private sealed class CountingPolicyProvider(List<string> asked)
        : DefaultAuthorizationPolicyProvider(Options.Create(new AuthorizationOptions()))
    {
        public override Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
        {
            asked.Add(policyName);
            return base.GetPolicyAsync(policyName);
        }
    }

    private sealed class MarkingResultHandler()
        : DelegateResultHandler(
            (context, result, _, inner) =>
            {
                context.Response.Headers["X-Result"] =
                    result.Succeeded ? "succeeded"
                    : result.Forbidden ? "forbidden"
                    : "challenged";
                return inner();
            }
        );
}
