using System.Net;
using System.Security.Claims;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Diagnostics;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Policies;

/// <summary>What the log of decisions has about each requirement of a policy that refused an accepted token.</summary>
public sealed class RequirementChecksTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    /// <summary>A requirement, the members of the response, and the check.</summary>
    public static TheoryData<string, string, string> Checks =>
        new()
        {
            { "scope", "\"scope\":\"read admin\"", "Passed scope: expected read; found read, admin" },
            { "scope", "\"scope\":\"admin\"", "Failed scope: expected read; found admin, without read" },
            { "scope", "\"sub\":\"s\"", "Failed scope: expected read; found no scope" },
            { "all scopes", "\"scope\":\"read write\"", "Passed scope: expected all of read, write; found read, write" },
            { "all scopes", "\"scope\":\"read\"", "Failed scope: expected all of read, write; found read, without write" },
            { "any scope", "\"scope\":\"write\"", "Passed scope: expected one of read, write; found write" },
            { "any scope", "\"scope\":\"admin\"", "Failed scope: expected one of read, write; found admin, without read, write" },
            {
                "fresh token",
                "\"sub\":\"s\"",
                "Failed fresh token: expected a response at most 30 s old, obtained for this endpoint; found none"
            },
            { "acr", "\"acr\":\"silver\"", "Passed acr: expected one of gold, silver; found one of them" },
            { "acr", "\"acr\":\"bronze\"", "Failed acr: expected one of gold, silver; found another value, or none" },
            {
                "recent authentication",
                "\"auth_time\":1767225540",
                "Passed auth_time: expected a time at most 5 min ago; found 2025-12-31 23:59:00Z, 60 s ago"
            },
            {
                "recent authentication",
                "\"auth_time\":1767139200",
                "Failed auth_time: expected a time at most 5 min ago; found 2025-12-31 00:00:00Z, 24 h ago"
            },
            {
                "recent authentication",
                "\"sub\":\"s\"",
                "Failed auth_time: expected a time at most 5 min ago; found no time that can be read"
            },
            {
                "tenant",
                "\"workspace_id\":\"w1\"",
                "Passed tenant: expected workspace_id equal to route value workspaceId; found the same value"
            },
            {
                "tenant",
                "\"workspace_id\":\"w2\"",
                "Failed tenant: expected workspace_id equal to route value workspaceId; found another value, or none"
            },
            { "role", "\"roles\":[\"owner\"]", "Passed role: expected one of editor, owner; found one of them" },
            { "role", "\"roles\":[\"reader\"]", "Failed role: expected one of editor, owner; found none of them" },
            { "claim", "\"plan\":\"pro\"", "Passed claim plan: expected a value; found such a value" },
            { "claim", "\"sub\":\"s\"", "Failed claim plan: expected a value; found another value, or none" },
            { "values of a claim", "\"plan\":\"pro\"", "Passed claim plan: expected one of the values in the policy; found such a value" },
            {
                "values of a claim",
                "\"plan\":\"free\"",
                "Failed claim plan: expected one of the values in the policy; found another value, or none"
            },
            { "user", "\"sub\":\"s\"", "Passed user: expected an authenticated user; found one" },
            { "assertion", "\"plan\":\"pro\"", "Passed AssertionRequirement: expected to be met; found met" },
            { "assertion", "\"plan\":\"free\"", "Failed AssertionRequirement: expected to be met; found not met" },
        };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task A_requirement_says_what_it_expects_and_what_was_found(string requirement, string members, string check)
    {
        _server.RespondWith(200, $$"""{"active":true,{{members}}}""");
        await using TestApi api = await StartAsync(
            static (app, policy) => app.MapGet("/it/{workspaceId}", () => "").RequireAuthorization(policy),
            policy => policy.Require(requirement).AddRequirements(new Unmet())
        );

        PolicyDecision decision = await RefuseAsync(api, "/it/w1");

        Assert.Contains(check, ChecksOf(decision));
        Assert.Equal("Failed Unmet: expected to be met; found not met", ChecksOf(decision)[^1]);
    }

    [Fact]
    public async Task A_fresh_response_meets_the_requirement_of_its_endpoint()
    {
        _server.RespondWith(200, """{"active":true}""");
        await using TestApi api = await StartAsync(
            static (app, policy) => app.MapGet("/it", () => "").RequireFreshToken(TimeSpan.Zero).RequireAuthorization(policy),
            static policy => policy.AddRequirements(new Unmet())
        );

        PolicyDecision decision = await RefuseAsync(api, "/it");

        Assert.Contains(
            "Passed fresh token: expected a response at most 0 s old, obtained for this endpoint; found one",
            ChecksOf(decision)
        );
    }

    [Fact]
    public async Task The_latest_authentication_of_several_identities_is_shown()
    {
        _server.RespondWith(200, """{"active":true,"auth_time":1767222000}""");
        await using TestApi api = await StartAsync(
            static (app, policy) => app.MapGet("/it", () => "").RequireAuthorization(policy),
            static policy => policy.Require("recent authentication"),
            configure: static options =>
                options.Events.OnTokenValidated = static context =>
                {
                    context.Principal!.AddIdentity(new ClaimsIdentity([new("auth_time", "1767139200")], "portal"));
                    return Task.CompletedTask;
                }
        );

        PolicyDecision decision = await RefuseAsync(api, "/it");

        Assert.Equal("2025-12-31 23:00:00Z, 60 min ago", decision.Failed?.Found);
    }

    [Fact]
    public async Task An_event_that_leaves_the_user_without_an_authentication_type_is_found()
    {
        _server.RespondWith(200, """{"active":true,"sub":"s"}""");
        await using TestApi api = await StartAsync(
            static (app, policy) => app.MapGet("/it", () => "").RequireAuthorization(policy),
            static policy => policy.RequireAuthenticatedUser(),
            configure: static options =>
                options.Events.OnTokenValidated = static context =>
                {
                    context.Principal = new ClaimsPrincipal(new ClaimsIdentity(context.Principal!.Claims));
                    return Task.CompletedTask;
                }
        );

        PolicyDecision decision = await RefuseAsync(api, "/it");

        Assert.Equal("user: expected an authenticated user; found none", decision.Failed?.ToString());
    }

    [Fact]
    public async Task A_requirement_handler_that_calls_Fail_is_named()
    {
        _server.RespondWith(200, """{"active":true,"scope":"read"}""");
        await using TestApi api = await StartAsync(
            static (app, policy) => app.MapGet("/it", () => "").RequireAuthorization(policy),
            static policy => policy.Require("scope"),
            static services => services.AddSingleton<IAuthorizationHandler, Veto>()
        );

        PolicyDecision decision = await RefuseAsync(api, "/it");

        Assert.Equal("requirement handler: expected no call of Fail(); found a call of Fail()", decision.Failed?.ToString());
    }

    [Fact]
    public async Task A_policy_evaluator_may_forbid_without_naming_a_requirement()
    {
        _server.RespondWith(200, """{"active":true,"scope":"read"}""");
        await using TestApi api = await StartAsync(
            static (app, policy) => app.MapGet("/it", () => "").RequireAuthorization(policy),
            static policy => policy.Require("scope"),
            static services => services.AddTransient<IPolicyEvaluator, ForbiddingEvaluator>()
        );

        PolicyDecision decision = await RefuseAsync(api, "/it");

        Assert.Null(decision.Failed);
        Assert.Contains("Passed scope: expected read; found read", ChecksOf(decision));
    }

    [Fact]
    public async Task A_fallback_policy_is_recorded_where_no_endpoint_matches()
    {
        _server.RespondWith(200, """{"active":true,"scope":"read"}""");
        await using TestApi api = await StartAsync(
            static (_, _) => { },
            static _ => { },
            static services =>
                services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireScope("admin").Build())
        );

        PolicyDecision decision = await RefuseAsync(api, "/nowhere");

        Assert.Equal("scope: expected admin; found read, without admin", decision.Failed?.ToString());
        Assert.Empty(decision.Names);
    }

    [Theory]
    [InlineData("scope", "docs/authorization.md#when-it-fails")]
    [InlineData("fresh token", "docs/caching.md#endpoints-that-require-a-fresh-response")]
    [InlineData("acr", "docs/step-up.md#how-it-is-checked")]
    [InlineData("recent authentication", "docs/step-up.md#how-it-is-checked")]
    [InlineData("tenant", "docs/authorization.md#tenants")]
    [InlineData("role", "docs/claims.md#mapping")]
    [InlineData("claim", "docs/claims.md#mapping")]
    [InlineData("assertion", "docs/authorization.md#your-own-policies-and-providers")]
    public async Task An_unmet_requirement_has_the_remedy_of_its_kind(string requirement, string page)
    {
        _server.RespondWith(200, """{"active":true}""");
        await using TestApi api = await StartAsync(
            static (app, policy) => app.MapGet("/it/{workspaceId}", () => "").RequireAuthorization(policy),
            policy => policy.Require(requirement)
        );

        Remedy remedy = (await RefuseAsync(api, "/it/w1")).Remedy!;

        RemediesTests.AssertIsUseful(remedy);
        Assert.Equal(page, remedy.Page);
    }

    private static string[] ChecksOf(PolicyDecision decision) => [.. decision.Requirements.Select(check => $"{check.Verdict} {check}")];

    /// <summary>Sends a token that is accepted to an endpoint whose policy refuses it.</summary>
    private static async Task<PolicyDecision> RefuseAsync(TestApi api, string path)
    {
        using HttpResponseMessage response = await api.GetAsync(path, "opaque-4711");

        // The latter asks for a step-up.
        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized });
        return api.Services.GetRequiredService<DecisionLog>().Newest()[0].Policy!;
    }

    private async Task<TestApi> StartAsync(
        Action<WebApplication, Action<AuthorizationPolicyBuilder>> map,
        Action<AuthorizationPolicyBuilder> policy,
        Action<IServiceCollection>? services = null,
        Action<OAuthIntrospectionOptions>? configure = null
    )
    {
        TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = it =>
                {
                    services?.Invoke(it);
                    it.AddAuthentication().AddOAuthIntrospection(options => configure?.Invoke(options));
                },
                Endpoints = app => map(app, policy),
                Time = new ManualTimeProvider(),
            }
        );
        api.Services.GetRequiredService<DecisionLog>().IsEnabled = true;
        return api;
    }

    private sealed class Unmet : IAuthorizationRequirement;

    private sealed class Veto : AuthorizationHandler<ScopeRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
        {
            context.Fail();
            return Task.CompletedTask;
        }
    }

    private sealed class ForbiddingEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization)
    {
        public override Task<PolicyAuthorizationResult> AuthorizeAsync(
            AuthorizationPolicy policy,
            AuthenticateResult authenticationResult,
            HttpContext context,
            object? resource
        ) => Task.FromResult(PolicyAuthorizationResult.Forbid());
    }
}
