using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>Nothing of one tenant reaches another one.</summary>
public sealed class TenantIsolationTests
{
    private const string Token = "the-same-token-4711";

    [Fact]
    public async Task The_same_token_has_the_response_of_each_tenants_own_server()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.Issue("acme", Token, "alice");
        api.Issue("beta", Token, "bob");

        string[] tenants = [.. Enumerable.Range(0, 300).Select(static i => ((string[])["acme", "beta", "gamma"])[i % 3])];
        string[] responses = await Task.WhenAll(tenants.Select(tenant => api.GetAsync(tenant, Token)));

        for (int i = 0; i < tenants.Length; i++)
        {
            string expected = tenants[i] switch
            {
                "acme" => "200 alice",
                "beta" => "200 bob",
                _ => "401",
            };
            Assert.Equal(expected, responses[i]);
        }

        Assert.Equal((1, 1, 1), (api["acme"].CallCount, api["beta"].CallCount, api["gamma"].CallCount));
        Assert.Equal(["acme", "beta", "gamma"], api.Resolved.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Tenants_with_the_same_server_and_credentials_share_no_response()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.OnResolving = (tenant, _) =>
        {
            tenant.Options.IntrospectionEndpoint = api["acme"].IntrospectionEndpoint;
            return default;
        };
        api.Issue("acme", Token, "alice");

        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
        Assert.Equal("200 alice", await api.GetAsync("beta", Token));

        Assert.Equal(2, api["acme"].CallCount);
    }

    [Fact]
    public async Task Requests_that_wait_for_the_server_of_a_tenant_hold_up_no_other_tenant()
    {
        await using TenantApi api = await TenantApi.StartAsync(options =>
        {
            options.Timeout = TimeSpan.FromMinutes(1);
            options.Resilience.MaximumConcurrentCalls = 2;
        });
        api["acme"].NeverRespond();
        api.Issue("beta", Token, "bob");
        using var ending = new CancellationTokenSource();
        Task<HttpResponseMessage>[] hanging =
        [
            .. Enumerable.Range(0, 50).Select(i => api.Api.GetAsync("/t/acme", $"hanging-token-{i}", ending.Token)),
        ];
        await api["acme"].WaitForCallsAsync(2);

        string[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => api.GetAsync("beta", Token)));

        Assert.All(responses, static response => Assert.Equal("200 bob", response));
        await ending.CancelAsync();
        await Task.WhenAll(hanging).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_failing_server_opens_the_breaker_of_its_tenant_alone()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api["acme"].RespondWith(500);
        api.Issue("beta", Token, "bob");

        for (int i = 0; i < 15; i++)
            Assert.Equal(503, await api.StatusAsync("acme", $"token-of-acme-{i}"));

        Assert.True(api["acme"].CallCount < 15);
        Assert.Equal("200 bob", await api.GetAsync("beta", Token));
        Assert.Contains(
            api.Api.Log.Entries,
            static entry => entry.Event.Name == "CircuitOpened" && entry.Text.Contains("(Tenant acme)", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Challenges_are_those_of_the_tenant()
    {
        await using TenantApi api = await TenantApi.StartAsync(options => options.Realm = "all");
        api.OnResolving = (tenant, _) =>
        {
            tenant.Options.Realm = tenant.Name;
            tenant.Options.Resource = $"https://{tenant.Name}.example.com";
            return default;
        };
        api.Issue("acme", Token, "alice");

        using HttpResponseMessage none = await api.Api.GetAsync("/t/acme", token: null);
        using HttpResponseMessage inactive = await api.Api.GetAsync("/t/beta", Token);
        using HttpResponseMessage scope = await api.Api.GetAsync("/t/acme/write", Token);
        using HttpResponseMessage unknown = await api.Api.GetAsync("/t/unknown", Token);

        Assert.Equal(
            "Bearer realm=\"acme\", resource_metadata=\"https://acme.example.com/.well-known/oauth-protected-resource\"",
            none.Challenges()
        );
        Assert.Contains("realm=\"beta\"", inactive.Challenges(), StringComparison.Ordinal);
        Assert.Contains("https://beta.example.com/", inactive.Challenges(), StringComparison.Ordinal);
        Assert.Contains("realm=\"acme\"", scope.Challenges(), StringComparison.Ordinal);
        Assert.Contains("insufficient_scope", scope.Challenges(), StringComparison.Ordinal);
        Assert.Contains("realm=\"all\"", unknown.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removal_on_demand_reaches_the_tenants_that_are_kept()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.Issue("acme", Token, "alice");
        api.Issue("beta", Token, "alice");
        await api.GetAsync("acme", Token);
        await api.GetAsync("beta", Token);

        int removed = api.Api.Services.GetRequiredService<OAuthIntrospectionCache>().RemoveSubject("alice");
        await api.GetAsync("acme", Token);
        await api.GetAsync("beta", Token);

        Assert.Equal((2, 2, 2), (removed, api["acme"].CallCount, api["beta"].CallCount));
    }
}
