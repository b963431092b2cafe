using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>A source of the configuration searches all of its keys for what is in a section, so searches must be few.</summary>
public sealed class ManyConfiguredTenantsTests : IAsyncLifetime
{
    private FakeAuthorizationServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeAuthorizationServer.ListenAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_request_searches_the_configuration_neither_for_a_tenant_nor_for_an_invented_name()
    {
        var source = new CountingSource(Settings(tenants: 20));
        await using TestApi api = await StartAsync(source);
        string token = _server.IssueToken(static it => it.Subject = "alice");
        source.Searches = 0;

        Assert.Equal("200 alice", await TenantSettingsApi.GetAsync(api, "tenant-7", token));
        Assert.Equal("401", await TenantSettingsApi.GetAsync(api, "invented", token));

        Assert.Equal(0, source.Searches);
    }

    [Fact]
    public async Task A_further_tenant_costs_few_searches_at_the_start()
    {
        int few = await CountAsync(tenants: 10);
        int many = await CountAsync(tenants: 60);

        Assert.InRange((many - few) / 50, 1, 10);
    }

    [Fact]
    public async Task The_code_of_the_scheme_does_not_run_for_an_invented_name()
    {
        int runs = 0;
        await using TestApi api = await TenantSettingsApi.StartAsync(_server, Settings(tenants: 1), _ => runs++);
        runs = 0;

        Assert.Equal("401", await TenantSettingsApi.GetAsync(api, "invented", "some-token"));

        Assert.Equal(0, runs);
    }

    private async Task<int> CountAsync(int tenants)
    {
        var source = new CountingSource(Settings(tenants));
        await using TestApi api = await StartAsync(source);
        return source.Searches;
    }

    private Task<TestApi> StartAsync(CountingSource source) =>
        TenantSettingsApi.StartAsync(_server, configuration => ((IConfigurationBuilder)configuration).Add(source));

    private string[] Settings(int tenants) =>
        [
            "IntrospectionEndpoint=" + _server.IntrospectionEndpoint,
            "ClientId=" + _server.ClientId,
            .. Enumerable.Range(0, tenants).Select(it => $"Tenants:tenant-{it}:ClientSecret={_server.ClientSecret}"),
            .. Enumerable.Range(0, tenants).Select(static it => $"Tenants:tenant-{it}:Cache:MaximumAge=60"),
        ];

    private sealed class CountingSource(string[] settings) : ConfigurationProvider, IConfigurationSource
    {
        public int Searches { get; set; }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override void Load()
        {
            foreach (string setting in settings)
            {
                KeyValuePair<string, string?> parsed = TenantSettingsApi.Parse(setting);
                Data[parsed.Key] = parsed.Value;
            }
        }

        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
        {
            Searches++;
            return base.GetChildKeys(earlierKeys, parentPath);
        }
    }
}
