using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Histories;

/// <summary>
/// Random histories of tenants that begin, change, end and are removed: each request has the settings that were current when its tenant was
/// last resolved, and those of no other tenant.
/// </summary>
public sealed class TenantHistoryTests
{
    private const int Tenants = 3;

    private readonly ConcurrentDictionary<string, int> _settings = new(StringComparer.Ordinal);
    private long _histories;

    private enum Kind
    {
        Find,
        FindTogether,
        Change,
        End,
        Remove,
    }

    private static Gen<Step[]> Steps { get; } =
        Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, Tenants - 1], static (kind, tenant) => new Step(kind, tenant)).Array[0, 30];

    [Fact]
    public async Task A_request_has_the_settings_of_its_tenant_from_when_it_was_last_resolved()
    {
        await using var fake = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            fake,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.ResolveTenant = OAuthIntrospectionTenantNames.FromHost();
                            options.ConfigureTenant = Configure;
                            options.TenantCache.MaximumTenants = 100_000;
                            options.TenantCache.MaximumUnknownNames = 1_000_000;
                        }),
            }
        );
        var tenants = api.Services.GetRequiredService<SchemeTenants>();
        OAuthIntrospectionOptions schemeOptions = api
            .Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme);

        await Steps.SampleAsync(steps => HoldsAsync(tenants, schemeOptions, steps), iter: History.CountOfSlow);
    }

    private ValueTask<bool> Configure(OAuthIntrospectionTenant tenant, CancellationToken cancellationToken)
    {
        if (!_settings.TryGetValue(tenant.Name, out int version))
            return new(false);

        tenant.Options.Realm = RealmOf(tenant.Name, version);
        return new(true);
    }

    private static string RealmOf(string tenant, int version) => string.Create(CultureInfo.InvariantCulture, $"{tenant} {version}");

    private async Task<bool> HoldsAsync(SchemeTenants tenants, OAuthIntrospectionOptions schemeOptions, Step[] steps)
    {
        string history = Interlocked.Increment(ref _histories).ToString(CultureInfo.InvariantCulture);
        var resolved = new Dictionary<string, string?>(StringComparer.Ordinal); // the realm of each tenant; null if there is no such tenant
        foreach ((Kind kind, int number) in steps)
        {
            string name = $"{history}-{number}";
            switch (kind)
            {
                case Kind.Change:
                    _settings.AddOrUpdate(name, 1, static (_, version) => version + 1);
                    break;
                case Kind.End:
                    _settings.TryRemove(name, out _);
                    break;
                case Kind.Remove:
                    bool wasKept = resolved.Remove(name, out string? realm) && realm is not null;
                    if (tenants.Remove(name, scheme: null) != wasKept)
                        return false;
                    break;
                default:
                    resolved.TryAdd(name, _settings.TryGetValue(name, out int version) ? RealmOf(name, version) : null);
                    string?[] found = await Task.WhenAll(
                        Enumerable.Range(0, kind == Kind.FindTogether ? 4 : 1).Select(_ => FindRealmAsync(tenants, schemeOptions, name))
                    );
                    if (!Array.TrueForAll(found, it => it == resolved[name]))
                        return false;
                    break;
            }
        }

        foreach (string name in resolved.Keys)
            tenants.Remove(name, scheme: null);
        return true;
    }

    private static async Task<string?> FindRealmAsync(SchemeTenants tenants, OAuthIntrospectionOptions schemeOptions, string name)
    {
        TenantResult result = await tenants.FindAsync(
            OAuthIntrospectionDefaults.AuthenticationScheme,
            schemeOptions,
            name,
            CancellationToken.None
        );
        using (result.Tenant)
        {
            OAuthIntrospectionOptions? options = result.Services?.TenantOptions;
            return options is null || options.Tenant == name ? options?.Realm : "the options of another tenant";
        }
    }

    private sealed record Step(Kind Kind, int Tenant);
}
