using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Scopes;

/// <summary>Policies that need no registration: their name holds the required scopes.</summary>
public sealed class ScopePolicyTests
{
    [Theory]
    [InlineData("scope:read", "read", HttpStatusCode.OK)]
    [InlineData("scope:read", "write read", HttpStatusCode.OK)]
    [InlineData("scope:read", "write", HttpStatusCode.Forbidden)]
    [InlineData("scope:read", "", HttpStatusCode.Forbidden)]
    [InlineData("scope:read", "Read READ", HttpStatusCode.Forbidden)]
    [InlineData("scope:read", "read:all", HttpStatusCode.Forbidden)]
    [InlineData("scope:read", "scope:read", HttpStatusCode.Forbidden)]
    [InlineData("scope:a b", "a b", HttpStatusCode.OK)]
    [InlineData("scope:a b", "b c a", HttpStatusCode.OK)]
    [InlineData("scope:a b", "a", HttpStatusCode.Forbidden)]
    [InlineData("scope:a b", "b", HttpStatusCode.Forbidden)]
    [InlineData("scope:  a   b  ", "a b", HttpStatusCode.OK)]
    [InlineData("scope:  a   b  ", "a", HttpStatusCode.Forbidden)]
    [InlineData("scope:record_permission:read", "record_permission:read", HttpStatusCode.OK)]
    [InlineData("scope:record_permission:read", "read", HttpStatusCode.Forbidden)]
    [InlineData("scope:record_permission:read", "record_permission", HttpStatusCode.Forbidden)]
    [InlineData(
        "scope:record_permission:read object_configuration:read",
        "record_permission:read object_configuration:read",
        HttpStatusCode.OK
    )]
    [InlineData("scope:record_permission:read object_configuration:read", "record_permission:read", HttpStatusCode.Forbidden)]
    [InlineData("scope:scope:read", "scope:read", HttpStatusCode.OK)]
    [InlineData("scope:scope:read", "read", HttpStatusCode.Forbidden)]
    [InlineData("scope::", ":", HttpStatusCode.OK)]
    public async Task A_policy_requires_the_scopes_in_its_name(string policy, string scopes, HttpStatusCode status)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, policy);

        using HttpResponseMessage response = await api.GetAsync(
            "/it",
            server.IssueToken(scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("scope:")]
    [InlineData("scope: ")]
    [InlineData("scope:    ")]
    [InlineData("scope")]
    [InlineData("Scope:read")]
    [InlineData("SCOPE:read")]
    [InlineData(" scope:read")]
    [InlineData("scopes:read")]
    public async Task A_policy_name_without_a_scope_or_prefix_is_unknown(string policy)
    {
        await using var server = FakeAuthorizationServer.Create();

        Exception exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(server, policy));

        Assert.StartsWith($"The policy \"{policy}\" does not exist", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scope:read")]
    [InlineData("scope:a b")]
    public async Task Without_a_token_it_is_401(string policy)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, policy);

        using HttpResponseMessage response = await api.GetAsync("/it", token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Several_policies_on_one_endpoint_are_all_required()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
                Endpoints = app => app.MapGet("/it", () => "").RequireAuthorization("scope:a", "scope:b"),
            }
        );

        using HttpResponseMessage both = await api.GetAsync("/it", server.IssueToken("a", "b"));
        using HttpResponseMessage one = await api.GetAsync("/it", server.IssueToken("a"));

        Assert.Equal(HttpStatusCode.OK, both.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, one.StatusCode);
    }

    [Fact]
    public async Task A_scope_policy_works_with_AuthorizeAsync()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);
        var authorization = api.Services.GetRequiredService<IAuthorizationService>();
        var user = (await api.AuthenticateAsync(server.IssueToken("read"))).Principal!;

        AuthorizationResult read = await authorization.AuthorizeAsync(user, "scope:read");
        AuthorizationResult write = await authorization.AuthorizeAsync(user, "scope:write");

        Assert.True(read.Succeeded);
        Assert.False(write.Succeeded);
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, string policy) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
                Endpoints = app => app.MapGet("/it", () => "").RequireAuthorization(policy),
            }
        );
}
