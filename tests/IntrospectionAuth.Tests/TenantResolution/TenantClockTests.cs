using IntrospectionAuth.DPoP;
using IntrospectionAuth.Replay;
using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Tests.StepUp;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>The clock and the clock skew of a tenant, and what a clock that is set back does to its settings.</summary>
public sealed class TenantClockTests
{
    private const string Token = "opaque-token-4711";

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_token_expires_by_the_clock_of_its_tenant()
    {
        var clock = new ManualTimeProvider();
        clock.Advance(TimeSpan.FromHours(1));
        await using TenantApi api = await TenantApi.StartAsync(time: _time);
        api.OnResolving = (tenant, _) =>
        {
            tenant.Options.TimeProvider = tenant.Name == "acme" ? clock : null;
            return default;
        };
        long expiry = ManualTimeProvider.Start.AddMinutes(30).ToUnixTimeSeconds();
        foreach (string tenant in (string[])["acme", "beta"])
            api[tenant].RespondWith(200, $$"""{"active":true,"sub":"alice","exp":{{expiry}}}""");

        Assert.Equal("401", await api.GetAsync("acme", Token));
        Assert.Equal("200 alice", await api.GetAsync("beta", Token));
    }

    [Theory]
    [InlineData(120, "200")]
    [InlineData(121, "401")]
    public async Task An_authorization_filter_of_MVC_grants_the_clock_skew_of_the_tenant(int secondsAgo, string status)
    {
        AuthorizationPolicy recent = new AuthorizationPolicyBuilder().RequireRecentAuthentication(TimeSpan.FromMinutes(1)).Build();
        await using TenantApi api = await TenantApi.StartAsync(
            resolve: static _ => new("acme"),
            time: _time,
            services: services =>
            {
                services.AddControllers().AddApplicationPart(typeof(StepUpController).Assembly);
                services.Configure<MvcOptions>(mvc => mvc.Filters.Add(new AuthorizeFilter(recent)));
            },
            endpoints: static app => app.MapControllers()
        );
        api.OnResolving = static (tenant, _) =>
        {
            tenant.Options.ClockSkew = TimeSpan.FromMinutes(1);
            return default;
        };
        long authTime = _time.GetUtcNow().AddSeconds(-secondsAgo).ToUnixTimeSeconds();
        api["acme"].RespondWith(200, $$"""{"active":true,"acr":"gold","auth_time":{{authTime}}}""");

        using HttpResponseMessage response = await api.Api.GetAsync("/step-up/plain", Token);

        Assert.Equal(status, $"{(int)response.StatusCode}");
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_keep_a_tenant_unavailable()
    {
        await using TenantApi api = await TenantApi.StartAsync(time: _time);
        api.OnResolving = static (_, _) => throw new InvalidOperationException("the database is not ready");
        api.Issue("acme", Token, "alice");
        Assert.Equal("503", await api.GetAsync("acme", Token));

        api.OnResolving = null;
        _time.SetBack(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("503", await api.GetAsync("acme", Token));
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_keep_a_new_tenant_unknown()
    {
        bool exists = false;
        await using TenantApi api = await TenantApi.StartAsync(options => ExistsIf(options, () => exists), _time);
        api.Issue("acme", Token, "alice");
        Assert.Equal("401", await api.GetAsync("acme", Token));

        exists = true;
        _time.SetBack(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("401", await api.GetAsync("acme", Token));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_is_set_back_does_not_keep_an_ended_tenant_alive(bool isResolverDown)
    {
        bool exists = true;
        await using TenantApi api = await TenantApi.StartAsync(options => ExistsIf(options, () => exists), _time);
        api.Issue("acme", Token, "alice");
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
        var wait = TimeSpan.FromMinutes(10);
        if (isResolverDown)
        {
            api.OnResolving = static (_, _) => throw new InvalidOperationException("the database is down");
            _time.Advance(wait);
            await RefreshAsync(api);
            wait = TimeSpan.FromSeconds(5);
        }

        api.OnResolving = null;
        exists = false;
        _time.SetBack(TimeSpan.FromHours(1));
        _time.Advance(wait);
        await RefreshAsync(api);

        Assert.Equal("401", await api.GetAsync("acme", Token));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_keep_a_tenant_that_no_request_uses()
    {
        await using TenantApi api = await TenantApi.StartAsync(
            static options => options.TenantCache.RefreshAfter = TimeSpan.FromDays(1),
            _time
        );
        api.Issue("acme", Token, "alice");
        Assert.Equal("200 alice", await api.GetAsync("acme", Token));

        _time.SetBack(TimeSpan.FromHours(2));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("200 alice", await api.GetAsync("acme", Token));
        Assert.Equal(["acme", "acme"], api.Resolved);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_is_set_back_suppresses_no_fault_of_a_tenant(bool isKept)
    {
        await using TenantApi api = await TenantApi.StartAsync(time: _time);
        api.Issue("acme", Token, "alice");
        if (isKept)
        {
            Assert.Equal("200 alice", await api.GetAsync("acme", Token));
            _time.Advance(TimeSpan.FromMinutes(10));
        }

        api.OnResolving = static (tenant, _) =>
        {
            tenant.Options.IntrospectionEndpoint = "http://example.com/introspect";
            return default;
        };
        await RefreshAsync(api);
        Assert.Equal(1, api.Api.Log.Count("TenantInvalid"));
        _time.SetBack(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(59));
        await RefreshAsync(api);
        Assert.Equal(1, api.Api.Log.Count("TenantInvalid"));
        _time.Advance(TimeSpan.FromSeconds(5)); // when it is resolved again
        await RefreshAsync(api);

        Assert.Equal(2, api.Api.Log.Count("TenantInvalid"));
    }

    [Fact]
    public void A_clock_that_is_set_back_lets_no_used_proof_of_an_ended_tenant_be_forgotten()
    {
        using var store = new TenantStore(new OAuthIntrospectionTenantCacheOptions(), _time);
        UsedProofs used = store.ProofsOf("acme");
        DateTimeOffset expiresAt = _time.GetUtcNow().AddMinutes(5);
        var proof = new VerifiedProof
        {
            KeyThumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            Id = "id",
            IssuedAt = _time.GetUtcNow(),
            ExpiresAt = expiresAt,
        };
        Assert.Equal(IdUse.First, used.Add("scheme", proof, _time.GetUtcNow()));

        _time.SetBack(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(10)); // by the clock, the proof is still valid
        for (int i = 0; i < 100; i++)
            store.ProofsOf($"tenant-{i}");

        Assert.Equal(IdUse.Replayed, store.ProofsOf("acme").Add("scheme", proof, _time.GetUtcNow()));
    }

    private static void ExistsIf(OAuthIntrospectionOptions options, Func<bool> exists)
    {
        Func<OAuthIntrospectionTenant, CancellationToken, ValueTask<bool>> configure = options.ConfigureTenant!;
        options.ConfigureTenant = async (tenant, cancellationToken) => await configure(tenant, cancellationToken) && exists();
    }

    /// <summary>Makes a request, and waits until the tenant is resolved if it is to be.</summary>
    private static async Task RefreshAsync(TenantApi api)
    {
        await api.GetAsync("acme", Token);
        await api.Api.Services.GetRequiredService<SchemeTenants>().IdleAsync();
    }
}
