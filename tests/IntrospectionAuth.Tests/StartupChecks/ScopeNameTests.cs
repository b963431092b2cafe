using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>A scope that is probably not written as it is meant is reported at startup.</summary>
public sealed class ScopeNameTests
{
    [Theory]
    [InlineData(
        "scope:read,write",
        "\"read,write\" is one scope, because only spaces separate scopes; it is required by GET /it. If several are meant, write "
            + "\"read write\"."
    )]
    [InlineData(
        "scope:read;write",
        "\"read;write\" is one scope, because only spaces separate scopes; it is required by GET /it. If several are meant, write "
            + "\"read write\"."
    )]
    [InlineData(
        "scope:scope:read",
        "The scope \"scope:read\" has the prefix that belongs to names of policies; it is required by GET /it. Write "
            + "RequireScope(\"read\") or the policy \"scope:read\"."
    )]
    [InlineData(
        "scope:\"read\"",
        "The scope \"\"read\"\" has characters that a scope cannot have (RFC 6749, section 3.3); it is required by GET /it. Write the "
            + "scope as the authorization server has it."
    )]
    [InlineData(
        "scope:read\twrite",
        "The scope \"read?write\" has characters that a scope cannot have (RFC 6749, section 3.3); it is required by GET /it. Write the "
            + "scope as the authorization server has it."
    )]
    [InlineData("scope: read", "The policy \"scope: read\" has superfluous spaces; it is required by GET /it. Write \"scope:read\".")]
    [InlineData("scope:a  b", "The policy \"scope:a  b\" has superfluous spaces; it is required by GET /it. Write \"scope:a b\".")]
    public async Task A_policy_with_an_odd_scope_is_reported(string policy, string finding)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, app => app.MapGet("/it", () => "").RequireAuthorization(policy));

        Assert.Equal($"Startup check ScopeName: {finding}", Assert.Single(StartupLog.Warnings(api.Log)));
    }

    [Fact]
    public async Task A_scope_is_reported_however_it_is_required()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            app =>
            {
                app.MapGet("/endpoint", () => "").RequireScope("a,b");
                app.MapGet("/any", () => "").RequireAnyScope("a,b", "c");
                app.MapGet("/attribute", [RequireScope("a,b")] () => "");
                app.MapGroup("/group").RequireAuthorization(policy => policy.RequireScope("a,b")).MapGet("/", () => "");
            }
        );

        Assert.Equal(
            "Startup check ScopeName: \"a,b\" is one scope, because only spaces separate scopes; it is required by GET /endpoint, GET "
                + "/any, "
                + "GET /attribute, GET /group/. If several are meant, write \"a b\".",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    [Fact]
    public async Task A_role_that_looks_like_a_policy_of_scopes_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, app => app.MapGet("/it", [Authorize(Roles = "scope:read")] () => ""));

        Assert.Equal(
            "Startup check ScopeName: The role \"scope:read\" has the prefix that belongs to names of policies; it is required by GET "
                + "/it. If "
                + "the scope is meant, write Policy instead of Roles: [Authorize(Policy = \"scope:read\")].",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    [Theory]
    [InlineData("scope:read write")]
    [InlineData("scope:record_permission:read")]
    [InlineData("scope:https://api.example.com/.default")]
    [InlineData("scope:api://f00d/Files.Read")]
    public async Task A_usual_scope_is_not_reported(string policy)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, app => app.MapGet("/it", () => "").RequireAuthorization(policy));

        Assert.Empty(StartupLog.Warnings(api.Log));
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, Action<WebApplication> endpoints) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup { Services = services => services.AddAuthentication().AddOAuthIntrospection(), Endpoints = endpoints }
        );
}
