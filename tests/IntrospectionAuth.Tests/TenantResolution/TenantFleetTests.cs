using IntrospectionAuth.SharedCache;
using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Tests.SharedCache;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>Nodes that share responses: each tenant has entries and a feed of its own.</summary>
public sealed class TenantFleetTests
{
    private const string Token = "the-same-token-4711";

    private readonly InMemoryFleetEngine _shared = new();

    [Fact]
    public async Task A_response_of_one_node_serves_the_same_tenant_on_another_node_alone()
    {
        await using TenantApi first = await StartAsync("acme");
        await using TenantApi second = await StartAsync(first, "acme", "beta", "gamma");
        first.Issue("acme", Token, "alice");
        first.Issue("beta", Token, "bob");
        first.ClearCalls();

        Assert.Equal("200 alice", await first.GetAsync("acme", Token));
        await _shared.WaitForEntriesAsync(1);
        Assert.Equal("200 alice", await second.GetAsync("acme", Token));
        Assert.Equal("200 bob", await second.GetAsync("beta", Token));
        Assert.Equal("401", await second.GetAsync("gamma", Token));

        Assert.Equal((1, 1, 1), (first["acme"].CallCount, first["beta"].CallCount, first["gamma"].CallCount));
    }

    [Fact]
    public async Task A_removal_takes_effect_on_the_nodes_that_use_the_tenant()
    {
        await using TenantApi first = await StartAsync("acme");
        await using TenantApi second = await StartAsync(first, "acme");
        await ShareAsync(first, "acme", "alice");
        Assert.Equal("200 alice", await second.GetAsync("acme", Token));
        first["acme"].Revoke(Token);

        CacheOf(first).RemoveSubject("alice");
        await _shared.Messages.WaitForAsync(static _ => true);
        await EngineOf(second).CatchUpAsync();
        await using TenantApi third = await StartAsync(first, "acme");

        Assert.Equal(401, await first.StatusAsync("acme", Token));
        Assert.Equal(401, await second.StatusAsync("acme", Token));
        Assert.Equal(401, await third.StatusAsync("acme", Token));
    }

    [Fact]
    public async Task An_entry_of_one_tenant_in_the_place_of_another_is_not_used()
    {
        await using TenantApi first = await StartAsync("acme", "beta");
        await using TenantApi second = await StartAsync(first, "acme", "beta");
        await ShareAsync(first, "acme", "alice");
        byte[] acme = Assert.Single(_shared.Values('e')).Value;
        await ShareAsync(first, "beta", "bob", 2);
        first.ClearCalls();

        foreach (string key in _shared.Values('e').Keys)
            _shared.Set(key, acme, TimeSpan.FromMinutes(5));

        Assert.Equal("200 bob", await second.GetAsync("beta", Token));
        Assert.Equal(1, first["beta"].CallCount);
    }

    [Fact]
    public async Task A_tenant_that_is_resolved_again_uses_its_shared_entries()
    {
        await using TenantApi api = await StartAsync("acme");
        await ShareAsync(api, "acme", "alice");
        api.ClearCalls();

        Assert.True(api.Tenants.Remove("acme"));
        await UseAsync(api, "acme");
        api.ClearCalls();

        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
        Assert.Equal(0, api["acme"].CallCount);
    }

    [Fact]
    public async Task A_removal_by_a_node_that_has_not_used_the_tenant_takes_effect_on_those_that_have()
    {
        await using TenantApi first = await StartAsync("acme", "beta");
        await using TenantApi second = await StartAsync(first);
        await ShareAsync(first, "acme", "alice");
        await ShareAsync(first, "beta", "bob", 2);
        first["acme"].Revoke(Token);
        first.ClearCalls();

        CacheOf(second).RemoveSubject("alice");
        await _shared.Messages.WaitForAsync(static _ => true);
        await EngineOf(first).CatchUpAsync();

        Assert.Equal(401, await first.StatusAsync("acme", Token));
        Assert.Equal("200 bob", await first.GetAsync("beta", Token));
        Assert.Equal(0, first["beta"].CallCount);
    }

    [Fact]
    public async Task A_removal_takes_effect_on_the_shared_entries_of_a_tenant_that_no_node_uses()
    {
        await using TenantApi first = await StartAsync("acme");
        await using TenantApi second = await StartAsync(first);
        await ShareAsync(first, "acme", "alice");
        Assert.True(first.Tenants.Remove("acme"));
        first["acme"].Revoke(Token);

        CacheOf(second).RemoveSubject("alice");
        await _shared.Messages.WaitForAsync(static _ => true);
        await EngineOf(first).CatchUpAsync();
        await UseAsync(first, "acme");

        Assert.Equal(401, await first.StatusAsync("acme", Token));
    }

    [Fact]
    public async Task A_removal_without_a_feed_takes_effect_in_this_process_on_a_tenant_that_is_resolved_again()
    {
        await using TenantApi api = await StartAsync(beside: null, new FeedlessEngine(_shared));
        await ShareAsync(api, "acme", "alice");
        Assert.True(api.Tenants.Remove("acme"));
        api["acme"].Revoke(Token);

        CacheOf(api).RemoveSubject("alice");

        Assert.Equal(401, await api.StatusAsync("acme", Token));
    }

    [Fact]
    public async Task A_tenant_that_ends_leaves_no_subscription()
    {
        await using TenantApi api = await StartAsync("acme");
        string[] before = [.. _shared.SubscribedFeeds];
        Tenant tenant = Assert.Single(api.Api.Services.GetRequiredService<SchemeTenants>().All);
        string feed = tenant.State.Server.Fleet!.Secrets[0].FeedName;

        Assert.True(api.Tenants.Remove("acme"));
        await tenant.State.Ended;

        Assert.Contains(feed, before);
        Assert.DoesNotContain(feed, _shared.SubscribedFeeds);
    }

    [Fact]
    public async Task A_removal_for_all_tenants_is_reported_once()
    {
        await using TenantApi api = await StartAsync("acme", "beta", "gamma");

        CacheOf(api).RemoveSubject("alice");
        await _shared.Messages.WaitForAsync(static _ => true);
        foreach (string tenant in (string[])["acme", "beta", "gamma"])
            await UseAsync(api, tenant); // each feed was read and appended to since

        Assert.Single(_shared.Messages);
    }

    [Fact]
    public async Task The_health_is_degraded_while_the_shared_cache_fails()
    {
        await using TenantApi api = await StartAsync(
            beside: null,
            new NodeEngine(_shared),
            static services => services.AddHealthChecks().AddOAuthIntrospection()
        );

        await AssertHealthIsDegradedAsync(api);
    }

    [Fact]
    public async Task The_health_is_degraded_while_the_shared_cache_of_tenants_alone_fails()
    {
        await using TenantApi api = await StartWithSecretsOfTenantsAsync(addServices: static services =>
            services.AddHealthChecks().AddOAuthIntrospection()
        );
        await UseAsync(api, "acme");

        await AssertHealthIsDegradedAsync(api);
    }

    [Fact]
    public async Task Entries_are_shared_where_the_secrets_are_those_of_the_tenant_alone()
    {
        await using TenantApi first = await StartWithSecretsOfTenantsAsync();
        await using TenantApi second = await StartWithSecretsOfTenantsAsync(first);
        await UseAsync(first, "acme");
        await UseAsync(second, "acme");
        first.ClearCalls();
        await ShareAsync(first, "acme", "alice");

        Assert.Equal("200 alice", await second.GetAsync("acme", Token));

        Assert.Equal(1, first["acme"].CallCount);
    }

    [Theory]
    [InlineData("fails", true)]
    [InlineData("hangs", false)] // the tenant is used again before the state from before has ended
    public async Task A_removal_that_the_engine_does_not_have_yet_survives_the_end_of_its_tenant(string fault, bool hasEnded)
    {
        await using TenantApi first = await StartWithSecretsOfTenantsAsync();
        await using TenantApi second = await StartWithSecretsOfTenantsAsync(first);
        Tenant tenant = await ShareAndRemoveAsync(first, second, fault);

        Assert.True(first.Tenants.Remove("acme"));
        if (hasEnded)
            await tenant.State.Ended;
        await UseAsync(first, "acme"); // reads the feed: entries are used again
        Assert.Equal(401, await first.StatusAsync("acme", Token));

        EngineOf(first).Heal();
        await _shared.Messages.WaitForAsync(static _ => true);
        await EngineOf(second).CatchUpAsync();
        Assert.Equal(401, await second.StatusAsync("acme", Token));
        Assert.Equal(401, await first.StatusAsync("acme", Token));
    }

    [Fact]
    public async Task A_removal_that_the_engine_does_not_have_yet_is_appended_also_if_its_tenant_is_not_used_again()
    {
        await using TenantApi first = await StartWithSecretsOfTenantsAsync();
        await using TenantApi second = await StartWithSecretsOfTenantsAsync(first);
        Tenant tenant = await ShareAndRemoveAsync(first, second, "fails");

        Assert.True(first.Tenants.Remove("acme"));
        await tenant.State.Ended;
        EngineOf(first).Heal();

        await _shared.Messages.WaitForAsync(static _ => true);
        await EngineOf(second).CatchUpAsync();
        Assert.Equal(401, await second.StatusAsync("acme", Token));
        Assert.Equal(401, await first.StatusAsync("acme", Token));
    }

    [Fact]
    public async Task A_process_that_ends_appends_the_removals_of_tenants_that_have_ended()
    {
        await using (TenantApi first = await StartWithSecretsOfTenantsAsync())
        {
            Tenant tenant = await ShareAndRemoveAsync(first, first, "fails");
            Assert.True(first.Tenants.Remove("acme"));
            await tenant.State.Ended;
            Assert.Empty(_shared.Messages);

            EngineOf(first).Heal();
        }

        Assert.NotEmpty(_shared.Messages);
    }

    private static OAuthIntrospectionCache CacheOf(TenantApi api) => api.Api.Services.GetRequiredService<OAuthIntrospectionCache>();

    private static NodeEngine EngineOf(TenantApi api) => (NodeEngine)api.Api.Services.GetRequiredService<ISharedCacheEngine>();

    /// <summary>Lets two nodes use a token, and the first one remove it without being able to report that.</summary>
    private async Task<Tenant> ShareAndRemoveAsync(TenantApi first, TenantApi second, string fault)
    {
        await UseAsync(first, "acme");
        await UseAsync(second, "acme");
        await ShareAsync(first, "acme", "alice");
        Assert.Equal("200 alice", await second.GetAsync("acme", Token));
        first["acme"].Revoke(Token);

        if (fault == "fails")
            EngineOf(first).Fail("append");
        else
            EngineOf(first).Hang("append");
        CacheOf(first).RemoveSubject("alice"); // which leaves the shared entry where it is
        return Assert.Single(first.Api.Services.GetRequiredService<SchemeTenants>().All);
    }

    private static async Task AssertHealthIsDegradedAsync(TenantApi api)
    {
        var health = api.Api.Services.GetRequiredService<HealthCheckService>();
        HealthReport before = await health.CheckHealthAsync(TestContext.Current.CancellationToken);

        EngineOf(api).Fail();
        await api.Api.Log.WaitForAsync("SharedCacheFails");
        HealthReport after = await health.CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Degraded), (before.Status, after.Status));
    }

    private async Task ShareAsync(TenantApi api, string tenant, string subject, int entries = 1)
    {
        api.Issue(tenant, Token, subject);
        Assert.Equal($"200 {subject}", await api.GetAsync(tenant, Token));
        await _shared.WaitForEntriesAsync(entries);
    }

    /// <summary>Lets a node resolve a tenant, and waits until it has read the feeds: before that, it shares nothing.</summary>
    private static async Task UseAsync(TenantApi api, string tenant)
    {
        Assert.Equal(401, await api.StatusAsync(tenant, "an-unknown-token-0815"));
        NodeEngine engine = EngineOf(api);
        Fleet ofTenant = api.Api.Services.GetRequiredService<SchemeTenants>().All.Last(it => it.Name == tenant).State.Server.Fleet!;
        Fleet[] fleets = [ofTenant, .. api.Api.Services.GetRequiredService<Fleets>().All];
        foreach (string feed in fleets.SelectMany(static fleet => fleet.Secrets).Select(static secret => secret.FeedName))
        {
            int before = engine.Readings.Count(it => it.Feed == feed && it.Previous is not null);
            engine.Notify();
            await engine.Readings.WaitForAsync(it => it.Feed == feed && it.Previous is not null, before + 1);
        }
    }

    private async Task<TenantApi> StartWithSecretsOfTenantsAsync(TenantApi? beside = null, Action<IServiceCollection>? addServices = null)
    {
        TenantApi api = await TenantApi.StartAsync(
            static options => options.SharedCache.Timeout = TimeSpan.FromSeconds(30),
            services: services =>
            {
                services.AddSingleton<ISharedCacheEngine>(new NodeEngine(_shared));
                addServices?.Invoke(services);
            },
            beside: beside
        );
        api.OnResolving = static (tenant, _) =>
        {
            tenant.Options.SharedCache.Secrets.Add(FleetNode.Secret);
            return default;
        };
        return api;
    }

    private Task<TenantApi> StartAsync(params string[] tenants) => StartAsync(beside: null, tenants);

    private async Task<TenantApi> StartAsync(TenantApi? beside, params string[] tenants)
    {
        TenantApi api = await StartAsync(beside, new NodeEngine(_shared));
        foreach (string tenant in tenants)
            await UseAsync(api, tenant);
        return api;
    }

    private static Task<TenantApi> StartAsync(
        TenantApi? beside,
        ISharedCacheEngine engine,
        Action<IServiceCollection>? addServices = null
    ) =>
        TenantApi.StartAsync(
            static options =>
            {
                options.SharedCache.Secrets.Add(FleetNode.Secret);
                options.SharedCache.Timeout = TimeSpan.FromSeconds(30);
                options.Timeout = TimeSpan.FromMinutes(1);
            },
            services: services =>
            {
                services.AddSingleton(engine);
                addServices?.Invoke(services);
            },
            beside: beside
        );
}
