using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>Tenants of <c>Authentication:Schemes:OAuthIntrospection:Tenants</c>.</summary>
public sealed class ConfiguredTenantTests : IAsyncLifetime
{
    private const string Scheme = "Authentication:Schemes:OAuthIntrospection:";
    private const string Token = "the-same-token-4711";

    private FakeAuthorizationServer _acme = null!;
    private FakeAuthorizationServer _beta = null!;

    public async ValueTask InitializeAsync()
    {
        _acme = await FakeAuthorizationServer.ListenAsync();
        _beta = await FakeAuthorizationServer.ListenAsync();
        _acme.IssueToken(static it => (it.Value, it.Subject) = (Token, "alice"));
        _beta.IssueToken(static it => (it.Value, it.Subject) = (Token, "bob"));
    }

    public async ValueTask DisposeAsync()
    {
        await _acme.DisposeAsync();
        await _beta.DisposeAsync();
    }

    [Fact]
    public async Task Each_tenant_has_its_own_settings()
    {
        await using TestApi api = await StartAsync(Settings());

        Assert.Equal("200 alice", await GetAsync(api, "acme"));
        Assert.Equal("200 bob", await GetAsync(api, "beta"));
        Assert.Equal((1, 1), (_acme.CallCount, _beta.CallCount));
    }

    /// <summary>Keys of the configuration have no case, and a colon leads to what is inside of a section.</summary>
    [Theory]
    [InlineData("ACME")]
    [InlineData("Acme")]
    [InlineData("acme:Cache")]
    [InlineData(":acme")]
    [InlineData("acme:")]
    [InlineData("gamma")]
    public async Task Any_other_name_is_unknown(string name)
    {
        Dictionary<string, string?> settings = Settings();
        settings[Scheme + "Tenants:acme:Cache:MaximumAge"] = "00:01:00";
        await using TestApi api = await StartAsync(settings);

        Assert.Equal("401", await GetAsync(api, Uri.EscapeDataString(name)));

        Assert.Equal((0, 0), (_acme.CallCount, _beta.CallCount));
    }

    [Fact]
    public async Task The_settings_of_a_tenant_are_added_to_those_of_the_scheme_and_its_lists_replace_them()
    {
        Dictionary<string, string?> settings = Settings();
        settings[Scheme + "Audiences:0"] = "of-all";
        settings[Scheme + "Audiences:1"] = "of-others";
        settings[Scheme + "Tenants:acme:Audiences:0"] = "of-acme";
        await using TestApi api = await StartAsync(settings);
        IssueFor(_acme, "of-acme", "for-acme");
        IssueFor(_acme, "of-others", "for-others");
        IssueFor(_beta, "of-others", "for-others");

        Assert.Equal("200 user", await GetAsync(api, "acme", "for-acme"));
        Assert.Equal("401", await GetAsync(api, "acme", "for-others"));
        Assert.Equal("200 user", await GetAsync(api, "beta", "for-others"));
    }

    [Fact]
    public async Task A_change_of_the_configuration_takes_effect()
    {
        await using TestApi api = await StartAsync(Settings());
        Assert.Equal("200 alice", await GetAsync(api, "acme"));
        var root = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();

        root[Scheme + "Tenants:acme:IntrospectionEndpoint"] = _beta.IntrospectionEndpoint;
        root[Scheme + "Tenants:gamma:IntrospectionEndpoint"] = _acme.IntrospectionEndpoint;
        root[Scheme + "Tenants:gamma:ClientSecret"] = _acme.ClientSecret;
        root.Reload();

        Assert.Equal("200 bob", await GetAsync(api, "acme"));
        Assert.Equal("200 alice", await GetAsync(api, "gamma"));
    }

    [Fact]
    public async Task A_tenant_that_was_unknown_is_found_as_soon_as_the_configuration_has_it()
    {
        await using TestApi api = await StartAsync(Settings());
        Assert.Equal("401", await GetAsync(api, "gamma"));
        var root = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();

        root[Scheme + "Tenants:gamma:IntrospectionEndpoint"] = _acme.IntrospectionEndpoint;
        root[Scheme + "Tenants:gamma:ClientSecret"] = _acme.ClientSecret;
        root.Reload();

        Assert.Equal("200 alice", await GetAsync(api, "gamma"));
    }

    [Fact]
    public async Task A_wrong_setting_of_one_tenant_while_the_application_runs_costs_the_others_nothing()
    {
        await using TestApi api = await StartAsync(Settings());
        var root = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();

        root[Scheme + "Tenants:acme:Timeout"] = "soon";
        root.Reload();

        Assert.Equal("503", await GetAsync(api, "acme"));
        Assert.Equal("200 bob", await GetAsync(api, "beta"));
    }

    [Fact]
    public async Task Code_decides_whether_there_is_a_configured_tenant()
    {
        await using TestApi api = await StartAsync(
            Settings(),
            static options =>
                options.ConfigureTenant = static (tenant, _) => new(tenant is { Name: "acme", Options.IntrospectionEndpoint: not null })
        );

        Assert.Equal("200 alice", await GetAsync(api, "acme"));
        Assert.Equal("401", await GetAsync(api, "beta"));
    }

    [Theory]
    [InlineData("Tenants:acme:Audience", "x", "Tenants:acme:Audience is not a setting. Did you mean Audiences?")]
    [InlineData("Tenants:acme:Timeout", "soon", "Tenants:acme:Timeout is not a time")]
    [InlineData("Tenants:acme:Tenants:x:Authority", "https://x.example", "Tenants:acme:Tenants is not a setting.")]
    [InlineData("Tenants:acme:TenantCache:MaximumTenants", "5", "Tenants:acme:TenantCache has no effect for a tenant.")]
    [InlineData("Tenants:acme:SharedCache:Redis", "localhost", "Tenants:acme:SharedCache:Redis has no effect for a tenant.")]
    [InlineData("Tenants:acme:MaximumTokenLength", "50", "Tenants:acme:MaximumTokenLength has no effect for a tenant.")]
    [InlineData("Tenants:gamma", "https://x.example", "Tenants:gamma is a single value, but must contain settings.")]
    public async Task A_wrong_setting_of_a_tenant_stops_the_start(string key, string value, string fault)
    {
        Dictionary<string, string?> settings = Settings();
        settings[Scheme + key] = value;

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings));

        Assert.Contains(exception.Failures, it => it.Contains(Scheme + fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tenants_without_ResolveTenant_stop_the_start()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(Settings(), static options => options.ResolveTenant = null)
        );

        Assert.Contains(exception.Failures, static it => it.Contains("ResolveTenant is not set", StringComparison.Ordinal));
    }

    private static void IssueFor(FakeAuthorizationServer server, string audience, string value) =>
        server.IssueToken(it =>
        {
            (it.Value, it.Subject) = (value, "user");
            it.Members["aud"] = audience;
        });

    private Dictionary<string, string?> Settings() =>
        new(StringComparer.Ordinal)
        {
            [Scheme + "Tenants:acme:IntrospectionEndpoint"] = _acme.IntrospectionEndpoint,
            [Scheme + "Tenants:acme:ClientSecret"] = _acme.ClientSecret,
            [Scheme + "Tenants:beta:IntrospectionEndpoint"] = _beta.IntrospectionEndpoint,
            [Scheme + "Tenants:beta:ClientSecret"] = _beta.ClientSecret,
            [Scheme + "ClientId"] = _acme.ClientId,
        };

    private static async Task<string> GetAsync(TestApi api, string tenant, string token = Token)
    {
        using HttpResponseMessage response = await api.GetAsync("/t/" + tenant, token);
        return response.IsSuccessStatusCode
            ? $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}"
            : $"{(int)response.StatusCode}";
    }

    private Task<TestApi> StartAsync(Dictionary<string, string?> settings, Action<OAuthIntrospectionOptions>? configure = null) =>
        TestApi.StartAsync(
            _acme,
            new TestApiSetup
            {
                Schemes = [],
                Configuration = configuration => configuration.AddInMemoryCollection(settings),
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.ResolveTenant = OAuthIntrospectionTenantNames.FromRouteValue("tenant");
                            configure?.Invoke(options);
                        }),
                Endpoints = static app =>
                    app.MapGet("/t/{tenant}", static context => context.Response.WriteAsync(context.User.FindFirst("sub")?.Value ?? ""))
                        .RequireAuthorization(),
            }
        );
}
