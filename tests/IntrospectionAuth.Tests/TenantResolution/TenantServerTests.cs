using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>A tenant with an Authority of its own has nothing of its scheme that belongs to the server of the scheme.</summary>
/// <remarks>Texts contain {own} and {other}: the addresses of the server of the tenant, and of the server of the scheme.</remarks>
public sealed class TenantServerTests : IAsyncLifetime
{
    private const string Secret = "the-secret-of-this-api-at-each-server";
    private const string Own = "token-of-a-user-of-the-tenant";
    private const string Other = "token-of-a-user-of-the-other-server";

    private FakeAuthorizationServer _own = null!;
    private FakeAuthorizationServer _other = null!;

    public async ValueTask InitializeAsync()
    {
        _own = await FakeAuthorizationServer.ListenAsync(static it => it.ClientSecret = Secret);
        _other = await FakeAuthorizationServer.ListenAsync(static it => it.ClientSecret = Secret);

        // Without iss, which would tell the servers apart.
        _own.IssueToken(static it => (it.Value, it.Subject, it.Issuer) = (Own, "bob", null));
        _other.IssueToken(static it => (it.Value, it.Subject, it.Issuer) = (Other, "mallory", null));
    }

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData("IntrospectionEndpoint", "/introspect")]
    [InlineData("ValidIssuers:0", "")]
    [InlineData("ClientCredentials:TokenEndpoint", "/token", "ClientAuthenticationMethod=client_credentials")]
    [InlineData("ClientAssertionAudience", "", "ClientAuthenticationMethod=client_secret_jwt")]
    public async Task What_belongs_to_another_server_must_be_set_for_the_tenant_too(string key, string path, string further = "Realm=api")
    {
        _own.IssueToken(static it => (it.Value, it.Subject) = (Own, "bob"));
        string[] invalid = [further, $"{key}={{other}}{path}", "Tenants:b:Authority={own}"];
        await using (TestApi api = await StartAsync(invalid))
        {
            Assert.Equal("503", await GetAsync(api, Other));
            AssertFault(api, key.Replace(":0", "", StringComparison.Ordinal).Replace(':', '.'));
            Assert.Equal((0, 0), (_own.CallCount, _other.CallCount));
        }

        await using TestApi corrected = await StartAsync([.. invalid, $"Tenants:b:{key}={{own}}{path}"]);
        Assert.Equal("200 bob", await GetAsync(corrected, Own));
        Assert.Equal(0, _other.CallCount);
    }

    [Theory]
    [InlineData("Authority={other}", "IntrospectionEndpoint={other}/introspect")]
    [InlineData("IntrospectionEndpoint={other}/introspect")]
    [InlineData("Provider=Attio")]
    public async Task Code_that_sets_another_Authority_alone_does_not_lead_to_the_server_of_the_scheme(params string[] ofScheme)
    {
        await using TestApi api = await StartAsync(ofScheme, options => options.ConfigureTenant = (tenant, _) => Set(tenant, _own.Issuer));

        Assert.Equal("503", await GetAsync(api, Other));

        AssertFault(api, "IntrospectionEndpoint");
        Assert.Equal(0, _other.CallCount);
    }

    [Fact]
    public async Task A_preset_in_the_code_of_the_scheme_does_not_lead_to_its_server()
    {
        await using TestApi api = await StartAsync(
            ["Tenants:b:Authority={own}"],
            options => options.UseWorkOS(_other.Issuer, _other.ClientId, Secret)
        );

        Assert.Equal("503", await GetAsync(api, Other));

        AssertFault(api, "IntrospectionEndpoint");
        Assert.Equal(0, _other.CallCount);
    }

    /// <summary>A variable of the environment that has no value, for example.</summary>
    [Fact]
    public async Task An_empty_Authority_does_not_lead_to_the_server_of_the_scheme()
    {
        await using TestApi api = await StartAsync([
            "Authority={other}",
            "IntrospectionEndpoint={other}/introspect",
            "Tenants:b:Authority=",
        ]);

        Assert.Equal("503", await GetAsync(api, Other));

        AssertFault(api, "IntrospectionEndpoint");
        Assert.Equal(0, _other.CallCount);
    }

    [Fact]
    public async Task An_issuer_that_is_added_in_code_does_not_keep_that_of_the_scheme()
    {
        await using TestApi api = await StartAsync(
            ["Authority={other}", "ValidIssuers:0={other}"],
            options =>
                options.ConfigureTenant = (tenant, _) =>
                {
                    tenant.Options.ValidIssuers.Add(_own.Issuer);
                    return Set(tenant, _own.Issuer);
                }
        );

        Assert.Equal("503", await GetAsync(api, Other));
        AssertFault(api, "ValidIssuers");
    }

    [Theory]
    [InlineData("Authority={own}", "Tenants:b:ClientSecret=" + Secret)]
    [InlineData("Authority={own}", "IntrospectionEndpoint={own}/introspect", "Tenants:b:Authority={own}")]
    [InlineData("Authority={other}", "Tenants:b:Authority={own}")]
    [InlineData("IntrospectionEndpoint={own}/introspect", "Tenants:b:Authority={own}", "Tenants:b:IntrospectionEndpoint={own}/introspect")]
    [InlineData("IntrospectionEndpoint={other}/introspect", "Tenants:b:IntrospectionEndpoint={own}/introspect")]
    [InlineData("Authority={other}", "Tenants:b:IntrospectionEndpoint={own}/introspect")]
    [InlineData("IntrospectionEndpoint={other}/introspect", "Tenants:b:Authority={own}", "Tenants:b:IntrospectionEndpoint=")]
    public async Task The_server_of_the_tenant_is_asked(params string[] settings)
    {
        await using TestApi api = await StartAsync(settings);

        Assert.Equal("200 bob", await GetAsync(api, Own));
        Assert.Equal("401", await GetAsync(api, Other));
        Assert.Equal(0, _other.CallCount);
    }

    [Fact]
    public async Task Issuers_of_the_scheme_may_name_those_of_all_tenants()
    {
        _own.IssueToken(static it => (it.Value, it.Subject) = (Own, "bob"));
        await using TestApi api = await StartAsync(["ValidIssuers:0={other}", "ValidIssuers:1={own}", "Tenants:b:Authority={own}"]);

        Assert.Equal("200 bob", await GetAsync(api, Own));
    }

    /// <summary>Several issuers may share one endpoint.</summary>
    [Fact]
    public async Task Code_may_set_the_endpoint_that_the_scheme_has_too()
    {
        string endpoint = _own.IntrospectionEndpoint;
        await using TestApi api = await StartAsync(
            [],
            options =>
            {
                options.IntrospectionEndpoint = endpoint;
                options.ConfigureTenant = (tenant, _) =>
                {
                    tenant.Options.IntrospectionEndpoint = endpoint;
                    return Set(tenant, "https://login.example.com/b");
                };
            }
        );

        Assert.Equal("200 bob", await GetAsync(api, Own));
    }

    /// <summary>Its iss must be the Authority that the scheme names.</summary>
    [Fact]
    public async Task A_tenant_with_an_endpoint_alone_keeps_the_Authority_of_the_scheme()
    {
        _own.IssueToken(static it => (it.Value, it.Subject) = (Own, "bob"));
        await using TestApi api = await StartAsync(["Authority={other}", "Tenants:b:IntrospectionEndpoint={own}/introspect"]);

        Assert.Equal("401", await GetAsync(api, Own));
        Assert.Equal((1, 0), (_own.CallCount, _other.CallCount));
    }

    private static void AssertFault(TestApi api, string setting) =>
        Assert.Contains(
            api.Log.Entries,
            entry => entry.Text.Contains($"{setting} is that of the scheme, for another server", StringComparison.Ordinal)
        );

    private static ValueTask<bool> Set(OAuthIntrospectionTenant tenant, string authority)
    {
        tenant.Options.Authority = authority;
        return new(true);
    }

    private static Task<string> GetAsync(TestApi api, string token) => TenantSettingsApi.GetAsync(api, "b", token);

    private Task<TestApi> StartAsync(string[] settings, Action<OAuthIntrospectionOptions>? configure = null) =>
        TenantSettingsApi.StartAsync(
            _own,
            [
                "ClientId=" + _own.ClientId,
                "ClientSecret=" + Secret,
                .. settings.Select(it =>
                    it.Replace("{own}", _own.Issuer, StringComparison.Ordinal).Replace("{other}", _other.Issuer, StringComparison.Ordinal)
                ),
            ],
            configure
        );
}
