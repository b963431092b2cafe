using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.DPoP;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>How a request is challenged when its tenant is unknown, or the settings of its tenant are invalid.</summary>
public sealed class TenantChallengeTests
{
    private const string DPoP = "DPoP algs=\"ES256 PS256 PS384 PS512 RS256 RS384 RS512\"";

    [Theory]
    [InlineData(true, DPoP)]
    [InlineData(false, "Bearer")]
    public async Task Invalid_settings_that_require_DPoP_are_challenged_by_DPoP(bool requiresDPoP, string challenge)
    {
        var time = new FakeTimeProvider();
        await using TenantApi api = await TenantApi.StartAsync(time: time);
        api.OnResolving = (tenant, _) =>
        {
            tenant.Options.RequireDPoP = requiresDPoP;
            tenant.Options.IntrospectionEndpoint = "http://example.com/introspect";
            return default;
        };

        Assert.Equal((401, challenge), await ChallengeAsync(api, "acme"));
        Assert.Equal((401, challenge), await ChallengeAsync(api, "acme"));
        Assert.Equal((503, ""), await ChallengeAsync(api, "acme", "some-token-4711"));
        Assert.Equal(["acme"], api.Resolved); // the second challenge is from what is kept of the first

        api.OnResolving = null;
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((401, "Bearer"), await ChallengeAsync(api, "acme"));
    }

    [Fact]
    public async Task Code_that_throws_after_it_has_required_DPoP_is_challenged_by_DPoP()
    {
        await using TenantApi api = await TenantApi.StartAsync();
        api.OnResolving = static (tenant, _) =>
        {
            tenant.Options.RequireDPoP = true;
            throw new InvalidOperationException("the database is down");
        };

        Assert.Equal((401, DPoP), await ChallengeAsync(api, "acme"));
    }

    [Fact]
    public async Task A_tenant_whose_settings_become_invalid_is_challenged_by_its_previous_settings()
    {
        var time = new FakeTimeProvider();
        await using TenantApi api = await TenantApi.StartAsync(time: time);
        api.OnResolving = static (tenant, _) =>
        {
            tenant.Options.RequireDPoP = true;
            return default;
        };
        Assert.Equal((401, DPoP), await ChallengeAsync(api, "acme"));

        api.OnResolving = static (_, _) => throw new InvalidOperationException("the database is down");
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal((401, DPoP), await ChallengeAsync(api, "acme"));
        await api.Api.Services.GetRequiredService<SchemeTenants>().IdleAsync();

        Assert.Equal((401, DPoP), await ChallengeAsync(api, "acme"));
        Assert.Equal(2, api.Resolved.Count);
    }

    [Fact]
    public async Task A_DPoP_request_of_an_unknown_tenant_is_challenged_by_DPoP()
    {
        await using TenantApi api = await TenantApi.StartAsync();

        using HttpResponseMessage response = await api.Api.Client.PresentAsync("/t/unknown", "some-token-4711");

        Assert.Equal(401, (int)response.StatusCode);
        Assert.StartsWith("DPoP error=\"invalid_token\"", response.Challenges(), StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Challenges)> ChallengeAsync(TenantApi api, string tenant, string? token = null)
    {
        using HttpResponseMessage response = await api.Api.GetAsync("/t/" + tenant, token);
        return ((int)response.StatusCode, response.Challenges());
    }
}
