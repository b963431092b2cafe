using System.Net;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Integrations.Tests.Proxies;

/// <summary>Routes of YARP that require a scope by "AuthorizationPolicy": "scope:read".</summary>
public sealed class RouteTests
{
    [Fact]
    public async Task A_route_requires_the_scope_that_its_policy_names_and_no_startup_check_warns()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using ProxyApi api = await ProxyApi.StartAsync(server);

        using HttpResponseMessage accepted = await api.GetAsync("/read/open", server.IssueToken("read"));
        using HttpResponseMessage withoutToken = await api.GetAsync("/read/open", null);
        using HttpResponseMessage withoutScope = await api.GetAsync("/read/open", server.IssueToken("write"));

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, withoutToken.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, withoutScope.StatusCode);
        Assert.Contains("scope=\"read\"", withoutScope.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Empty(api.Proxy.Warnings);
    }

    [Fact]
    public async Task A_route_responds_503_while_the_authorization_server_fails()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(503, headers: [new("Retry-After", "30")]);
        await using ProxyApi api = await ProxyApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/read/open", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("30", response.Headers.RetryAfter?.ToString());
    }

    [Fact]
    public async Task A_refusal_of_the_API_behind_the_proxy_reaches_the_caller_unchanged()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using ProxyApi api = await ProxyApi.StartAsync(server);

        using HttpResponseMessage withoutToken = await api.GetAsync("/through/scoped", null);
        using HttpResponseMessage withoutScope = await api.GetAsync("/through/scoped", server.IssueToken("write"));
        server.RespondWith(503, headers: [new("Retry-After", "30")]);
        using HttpResponseMessage unavailable = await api.GetAsync("/through/scoped", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.Unauthorized, withoutToken.StatusCode);
        Assert.StartsWith("Bearer", withoutToken.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, withoutScope.StatusCode);
        Assert.Contains("insufficient_scope", withoutScope.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unavailable.StatusCode);
        Assert.Equal("30", unavailable.Headers.RetryAfter?.ToString());
        Assert.Equal("application/problem+json", unavailable.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_API_receives_the_token_unless_the_route_removes_it()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using ProxyApi api = await ProxyApi.StartAsync(server);
        string token = server.IssueToken("read");

        using HttpResponseMessage forwarded = await api.GetAsync("/read/open", token);
        using HttpResponseMessage removed = await api.GetAsync("/removed/open", token);

        Assert.Equal("received: Bearer " + token, await TextAsync(forwarded));
        Assert.Equal("received: ", await TextAsync(removed));
    }

    [Fact]
    public async Task A_reload_that_names_another_scope_takes_effect_without_a_warning()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using ProxyApi api = await ProxyApi.StartAsync(server);
        Assert.Null(await api.Changes.NextAsync());

        api.ChangePolicy("scope:write");

        Assert.Null(await api.Changes.NextAsync());
        using HttpResponseMessage refused = await api.GetAsync("/read/open", server.IssueToken("read"));
        using HttpResponseMessage accepted = await api.GetAsync("/read/open", server.IssueToken("write"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Empty(api.Proxy.Warnings);
    }

    [Fact]
    public async Task A_reload_that_names_no_policy_leaves_the_previous_routes_in_force()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using ProxyApi api = await ProxyApi.StartAsync(server);
        Assert.Null(await api.Changes.NextAsync());

        api.ChangePolicy("read");

        Assert.Contains("'read' not found", (await api.Changes.NextAsync())!.ToString(), StringComparison.Ordinal);
        using HttpResponseMessage refused = await api.GetAsync("/read/open", server.IssueToken("write"));
        using HttpResponseMessage accepted = await api.GetAsync("/read/open", server.IssueToken("read"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
