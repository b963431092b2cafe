using System.Net;
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
