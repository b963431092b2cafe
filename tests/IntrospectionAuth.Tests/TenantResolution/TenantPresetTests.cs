using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary><c>Provider</c> of a scheme with tenants, and of a tenant.</summary>
public sealed class TenantPresetTests : IAsyncLifetime
{
    private const string Secret = "the-secret-of-this-api-at-each-server";
    private const string OfAcme = "token-of-a-user-of-acme";
    private const string OfBeta = "token-of-a-user-of-beta";

    private FakeAuthorizationServer _acme = null!;
    private FakeAuthorizationServer _beta = null!;

    public async ValueTask InitializeAsync()
    {
        _acme = await FakeAuthorizationServer.ListenAsync(SetWorkOS);
        _beta = await FakeAuthorizationServer.ListenAsync(SetWorkOS);
        _acme.IssueToken(static it => (it.Value, it.Subject) = (OfAcme, "alice"));
        _beta.IssueToken(static it => (it.Value, it.Subject) = (OfBeta, "bob"));
    }

    public async ValueTask DisposeAsync()
    {
        await _acme.DisposeAsync();
        await _beta.DisposeAsync();
    }

    [Fact]
    public async Task The_preset_of_the_scheme_is_for_the_server_of_each_tenant()
    {
        await using TestApi api = await StartAsync([
            "Provider=WorkOS",
            "Authority=" + _acme.Issuer,
            "ClientId=" + _acme.ClientId,
            "ClientSecret=" + Secret,
            "Tenants:acme:Cache:MaximumAge=60",
            "Tenants:beta:Authority=" + _beta.Issuer,
        ]);

        Assert.Equal("200 alice", await TenantSettingsApi.GetAsync(api, "acme", OfAcme));
        Assert.Equal("200 bob", await TenantSettingsApi.GetAsync(api, "beta", OfBeta));
        Assert.Equal("401", await TenantSettingsApi.GetAsync(api, "beta", OfAcme));
        Assert.Equal((1, 2), (_acme.CallCount, _beta.CallCount));
    }

    /// <summary>A key beside Provider overrides the preset, so it belongs to the server of the scheme.</summary>
    [Theory]
    [InlineData("IntrospectionEndpoint", "/oauth2/introspection")]
    [InlineData("ValidIssuers:0", "")]
    public async Task What_the_scheme_sets_beside_its_preset_must_be_set_for_the_tenant_too(string key, string path)
    {
        await using TestApi api = await StartAsync([
            "Provider=WorkOS",
            "Authority=" + _acme.Issuer,
            $"{key}={_acme.Issuer}{path}",
            "ClientId=" + _acme.ClientId,
            "ClientSecret=" + Secret,
            "Tenants:beta:Authority=" + _beta.Issuer,
        ]);

        Assert.Equal("503", await TenantSettingsApi.GetAsync(api, "beta", OfAcme));
        Assert.Equal((0, 0), (_acme.CallCount, _beta.CallCount));
    }

    [Fact]
    public async Task The_preset_of_a_tenant_has_the_credentials_of_the_scheme()
    {
        await using TestApi api = await StartAsync([
            "ClientId=" + _acme.ClientId,
            "ClientSecret=" + Secret,
            "Tenants:acme:Provider=WorkOS",
            "Tenants:acme:Authority=" + _acme.Issuer,
            "Tenants:beta:Provider=WorkOS",
            "Tenants:beta:Authority=" + _beta.Issuer,
            "Tenants:beta:ClientSecret=another-secret-that-this-server-rejects",
        ]);

        Assert.Equal("200 alice", await TenantSettingsApi.GetAsync(api, "acme", OfAcme));
        Assert.Equal("503", await TenantSettingsApi.GetAsync(api, "beta", OfBeta));
    }

    [Fact]
    public async Task The_preset_of_a_tenant_has_the_credentials_that_the_code_of_the_scheme_sets()
    {
        await using TestApi api = await StartAsync(
            [
                "ClientId=" + _acme.ClientId,
                "ClientSecret=overridden-by-code",
                "Tenants:acme:Provider=WorkOS",
                "Tenants:acme:Authority=" + _acme.Issuer,
            ],
            static options => options.ClientSecret = Secret
        );

        Assert.Equal("200 alice", await TenantSettingsApi.GetAsync(api, "acme", OfAcme));
    }

    /// <summary>A tenant's empty value, of a variable without one, is not replaced by that of the scheme.</summary>
    [Theory]
    [InlineData("ClientSecret is not set, but Provider WorkOS needs it.", "ClientId=api", "Authority=https://acme.example")]
    [InlineData(
        "Authority is not set, but Provider WorkOS needs it.",
        "ClientId=api",
        "ClientSecret=s",
        "Authority=https://acme.example",
        "Tenants:acme:Authority="
    )]
    public async Task A_preset_of_a_tenant_without_its_settings_stops_the_start(string fault, params string[] settings)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync([.. settings, "Tenants:acme:Provider=WorkOS"])
        );

        Assert.Contains(exception.Failures, it => it.Contains("Tenants:acme:" + fault, StringComparison.Ordinal));
    }

    private static void SetWorkOS(FakeAuthorizationServerOptions options) =>
        (options.Provider, options.ClientSecret) = (FakeAuthorizationServerProvider.WorkOS, Secret);

    private Task<TestApi> StartAsync(string[] settings, Action<OAuthIntrospectionOptions>? configure = null) =>
        TenantSettingsApi.StartAsync(_acme, settings, configure);
}
