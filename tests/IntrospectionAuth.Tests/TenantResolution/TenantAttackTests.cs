using System.Net;
using IntrospectionAuth.PushedRevocation;
using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Tests.DPoP;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>What a tenant's options demand holds for its own requests, and cannot be escaped through the tenant's resolution.</summary>
public sealed class TenantAttackTests
{
    private const string Token = "the-same-token-4711";

    [Theory]
    [InlineData(typeof(RejectingEvents), null, "401", "200 bob")] // only the tenant has events
    [InlineData(typeof(RejectingEvents), typeof(AcceptingEvents), "401", "200 bob")] // others than the scheme
    [InlineData(null, typeof(RejectingEvents), "200 alice", "401")] // the tenant has none
    [InlineData(typeof(AcceptingEvents), typeof(RejectingEvents), "200 alice", "401")]
    public async Task The_events_of_a_tenant_decide_about_its_own_tokens(Type? ofTenant, Type? ofScheme, string acme, string beta)
    {
        await using TenantApi api = await TenantApi.StartAsync(
            options => options.EventsType = ofScheme,
            services: static services => services.AddTransient<RejectingEvents>().AddTransient<AcceptingEvents>()
        );
        api.OnResolving = (tenant, _) =>
        {
            if (tenant.Name == "acme")
                tenant.Options.EventsType = ofTenant;
            return default;
        };
        api.Issue("acme", Token, "alice");
        api.Issue("beta", Token, "bob");

        Assert.Equal(acme, await api.GetAsync("acme", Token));
        Assert.Equal(beta, await api.GetAsync("beta", Token));
    }

    [Fact]
    public async Task A_DPoP_proof_is_not_accepted_again_after_its_tenant_was_removed()
    {
        var time = new ManualTimeProvider();
        using var key = new DPoPClientKey();
        await using TenantApi api = await TenantApi.StartAsync(time: time);
        string token = api["acme"].IssueBoundToken(key);
        string proof = key.Prove("GET", "http://localhost/t/acme", token);
        Assert.Equal(HttpStatusCode.OK, await PresentAsync());

        Assert.True(api.Tenants.Remove("acme"));

        Assert.Equal(HttpStatusCode.Unauthorized, await PresentAsync());
        Assert.Equal(2, api.Resolved.Count);

        async Task<HttpStatusCode> PresentAsync()
        {
            using HttpResponseMessage response = await api.Api.Client.PresentAsync("/t/acme", token, proof);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_DPoP_proof_is_not_accepted_again_after_its_tenant_was_evicted()
    {
        var time = new ManualTimeProvider();
        using var key = new DPoPClientKey();
        await using TenantApi api = await TenantApi.StartAsync(options => options.TenantCache.MaximumTenants = 1, time);
        string token = api["acme"].IssueBoundToken(key);
        api.Issue("beta", Token, "bob");
        string proof = key.Prove("GET", "http://localhost/t/acme", token);
        using HttpResponseMessage first = await api.Api.Client.PresentAsync("/t/acme", token, proof);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        Assert.Equal("200 bob", await api.GetAsync("beta", Token));

        using HttpResponseMessage again = await api.Api.Client.PresentAsync("/t/acme", token, proof);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.Equal(["acme", "beta", "acme"], api.Resolved);
    }

    [Fact]
    public async Task A_pushed_revocation_reaches_the_entries_of_tenants()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.Issue("acme", Token, "alice");
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
        api["acme"].Revoke(Token);
        Assert.Equal("200 alice", await api.GetAsync("acme", Token)); // from the cache

        api.Api.Services.GetRequiredService<PushedEvents>().Apply("a test", "logout", new RevokedTokens { Subjects = { "alice" } });

        Assert.Equal("401", await api.GetAsync("acme", Token));
    }

    [Fact]
    public async Task A_tenant_that_was_evicted_is_reached_by_removals_until_its_last_request_has_ended()
    {
        await using TenantApi api = await TenantApi.StartAsync(static options =>
        {
            options.TenantCache.MaximumTenants = 1;
            options.Timeout = TimeSpan.FromMinutes(1);
        });
        var tenants = api.Api.Services.GetRequiredService<SchemeTenants>();
        api["acme"].NeverRespond();
        api.Issue("beta", Token, "bob");
        using var ending = new CancellationTokenSource();
        Task<HttpResponseMessage> inFlight = api.Api.GetAsync("/t/acme", "another-token", ending.Token);
        await api["acme"].WaitForCallsAsync(1);

        Assert.Equal("200 bob", await api.GetAsync("beta", Token));

        Assert.Equal(["acme", "beta"], tenants.All.Select(static it => it.Name).Order(StringComparer.Ordinal));
        await ending.CancelAsync();
        await inFlight.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_removal_does_not_count_as_a_use_of_a_tenant()
    {
        var time = new ManualTimeProvider();
        await using TenantApi api = await TenantApi.StartAsync(
            static options =>
            {
                options.TenantCache.SlidingExpiration = TimeSpan.FromHours(1);
                options.TenantCache.RefreshAfter = TimeSpan.FromDays(1);
            },
            time
        );
        api.Issue("acme", Token, "alice");
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));

        time.Advance(TimeSpan.FromMinutes(40));
        api.Api.Services.GetRequiredService<OAuthIntrospectionCache>().RemoveSubject("another user");
        time.Advance(TimeSpan.FromMinutes(40));
        await api.GetAsync("acme", Token);

        Assert.Equal(["acme", "acme"], api.Resolved);
    }

    [Fact]
    public async Task Invented_names_take_the_place_of_no_tenant_that_cannot_be_used()
    {
        await using TenantApi api = await TenantApi.StartAsync(
            static options => options.TenantCache.MaximumUnknownNames = 2,
            new ManualTimeProvider()
        );
        api.OnResolving = static (tenant, _) =>
            tenant.Name == "acme" ? throw new InvalidOperationException("The settings of acme are broken.") : default;
        Assert.Equal("503", await api.GetAsync("acme", Token));

        for (int i = 0; i < 10; i++)
            Assert.Equal("401", await api.GetAsync($"invented-{i}", Token));

        Assert.Equal("503", await api.GetAsync("acme", Token));
        Assert.Single(api.Resolved, static it => it == "acme");
    }

    [Fact]
    public async Task A_tenant_recovers_when_its_HTTP_client_could_not_be_configured_once()
    {
        int attempts = 0;
        await using TenantApi api = await TenantApi.StartAsync(services: services =>
            services
                .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme))
                .ConfigurePrimaryHttpMessageHandler(
                    (_, _) =>
                    {
                        if (Interlocked.Increment(ref attempts) == 1)
                            throw new InvalidOperationException("Once.");
                    }
                )
        );
        api.Issue("acme", Token, "alice");

        Assert.NotEqual("200 alice", await api.GetAsync("acme", Token));
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
    }

    private sealed class RejectingEvents : OAuthIntrospectionEvents
    {
        public override Task TokenValidated(TokenValidatedContext context)
        {
            context.Fail("Rejected by the events.");
            return Task.CompletedTask;
        }
    }

    private sealed class AcceptingEvents : OAuthIntrospectionEvents;
}
