using IntrospectionAuth.Tests.StepUp;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>The clock and the clock skew of a tenant, where they differ from those of its scheme.</summary>
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
}
