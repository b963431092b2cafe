using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>Tokens of tenants outside a request, by <see cref="OAuthIntrospector"/>.</summary>
public sealed class TenantOutsideRequestTests
{
    private const string Token = "the-same-token-4711";

    [Fact]
    public async Task The_same_token_has_the_result_of_the_named_tenant()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.Issue("acme", Token, "alice");
        api.Issue("beta", Token, "bob");

        OAuthIntrospectionResult[] results = await Task.WhenAll(
            ((string[])["acme", "beta", "gamma"]).Select(tenant => IntrospectAsync(api, Token, tenant))
        );

        Assert.Equal(["alice", "bob", null], results.Select(static it => it.Principal?.FindFirst("sub")?.Value));
        Assert.Equal(OAuthIntrospectionFailure.Inactive, results[2].Failure);
        Assert.Equal((1, 1, 1), (api["acme"].CallCount, api["beta"].CallCount, api["gamma"].CallCount));
    }

    [Fact]
    public async Task It_shares_the_cache_with_the_requests_of_the_tenant_alone()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.Issue("acme", Token, "alice");
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));

        OAuthIntrospectionResult acme = await IntrospectAsync(api, Token, "acme");
        OAuthIntrospectionResult beta = await IntrospectAsync(api, Token, "beta");

        Assert.Equal((true, true), (acme.Succeeded, acme.IsFromCache));
        Assert.Equal((false, false), (beta.Succeeded, beta.IsFromCache));
        Assert.Equal((1, 1), (api["acme"].CallCount, api["beta"].CallCount));
        Assert.Equal(["acme", "beta"], api.Resolved);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("ACME")]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task An_unknown_tenant_is_a_failure_without_a_call(string tenant)
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.Issue("acme", Token, "alice");

        OAuthIntrospectionResult result = await IntrospectAsync(api, Token, tenant);

        Assert.Equal(OAuthIntrospectionFailure.UnknownTenant, result.Failure);
        Assert.Equal(0, api["acme"].CallCount);
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("unknown")]
    [InlineData("broken")]
    public async Task A_malformed_token_is_a_malformed_request_of_any_tenant(string tenant)
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.OnResolving = static (it, _) => it.Name == "broken" ? throw new InvalidOperationException("the store is down") : default;

        OAuthIntrospectionResult result = await IntrospectAsync(api, "one two", tenant);

        Assert.Equal(OAuthIntrospectionFailure.MalformedRequest, result.Failure);
        Assert.Equal(0, api["acme"].CallCount);
    }

    [Fact]
    public async Task A_tenant_that_cannot_be_resolved_is_unavailable()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.OnResolving = static (_, _) => throw new IOException("no database");

        OAuthIntrospectionResult result = await IntrospectAsync(api, Token, "acme");

        Assert.Equal(OAuthIntrospectionFailure.Unavailable, result.Failure);
        Assert.Equal(TimeSpan.FromSeconds(5), result.RetryAfter);
        Assert.IsType<IOException>(result.Exception);
    }

    [Fact]
    public async Task A_caller_that_stops_waiting_for_the_tenant_ends_at_once()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        using var caller = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        api.OnResolving = async (_, _) =>
        {
            await caller.CancelAsync();
            await gate.Task;
        };
        api.Issue("acme", Token, "alice");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => IntrospectAsync(api, Token, "acme", caller.Token));
        gate.SetResult();

        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
        Assert.Equal(["acme"], api.Resolved);
    }

    [Fact]
    public async Task The_tenant_must_be_named()
    {
        await using TenantApi api = await TenantApi.StartAsync();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => IntrospectAsync(api, Token, tenant: null));

        Assert.Equal("IntrospectAsync: the scheme OAuthIntrospection has tenants. Set tenant.", exception.Message);
    }

    [Fact]
    public async Task A_tenant_of_a_scheme_without_tenants_is_a_mistake()
    {
        await using TenantApi api = await TenantApi.StartAsync(services: static services =>
            services
                .AddAuthentication()
                .AddOAuthIntrospection(
                    "Other",
                    static options =>
                    {
                        options.IntrospectionEndpoint = "https://login.example.com/introspect";
                        (options.ClientId, options.ClientSecret) = ("api", "a-secret-of-this-test");
                    }
                )
        );

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            api.Api.Services.GetRequiredService<OAuthIntrospector>().IntrospectAsync(Token, "Other", tenant: "acme")
        );

        Assert.Equal("IntrospectAsync: the scheme Other has no tenants. Leave tenant out.", exception.Message);
    }

    private static Task<OAuthIntrospectionResult> IntrospectAsync(
        TenantApi api,
        string token,
        string? tenant,
        CancellationToken cancellationToken = default
    ) =>
        api
            .Api.Services.GetRequiredService<OAuthIntrospector>()
            .IntrospectAsync(token, OAuthIntrospectionDefaults.AuthenticationScheme, tenant: tenant, cancellationToken: cancellationToken);
}
