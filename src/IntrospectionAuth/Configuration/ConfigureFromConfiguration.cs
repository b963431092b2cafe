using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Configuration;

/// <summary>
/// Sets the options of a scheme from <c>Authentication:Schemes:&lt;scheme&gt;</c>, before the application's own code runs.
/// </summary>
internal sealed class ConfigureFromConfiguration(IAuthenticationConfigurationProvider configuration, LateReloads? late = null)
    : IConfigureNamedOptions<OAuthIntrospectionOptions>
{
    private readonly Dictionary<string, SettingsCopy> _copies = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public void Configure(OAuthIntrospectionOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, OAuthIntrospectionOptions options)
    {
        if (string.IsNullOrEmpty(name))
            return;

        if (Read(name).IsEmpty)
            return;

        if (options.TenantKey is null)
            late?.Follow(name); // before the settings are read
        SettingsCopy settings = Read(name);

        IConfiguration? tenant = options.Tenant is null ? null : settings.FindTenant(options.Tenant);
        List<string> faults = SchemeReader.ReadScheme(settings.Scheme, tenant, options);
        if (options.TenantKey is null) // a tenant does not depend on the settings of the others, which may be many
            faults.AddRange(ConfiguredTenants.FindFaults(settings, options));
        if (settings.Tenants.Count > 0)
        {
            // Later settings, too: those of one tenant take effect although those of another one are rejected.
            options.HasConfiguredTenant = it => Read(name).Tenants.ContainsKey(it);
            options.TryConfigureTenant = (it, its) => ConfiguredTenants.TryConfigure(Read(name), name, it, its);
        }

        if (faults.Count > 0)
        {
            throw new OptionsValidationException(
                name,
                typeof(OAuthIntrospectionOptions),
                faults.Select(fault => $"Scheme {name}: Authentication:Schemes:{name}:{fault}")
            );
        }
    }

    private SettingsCopy Read(string scheme)
    {
        lock (_lock)
        {
            if (!_copies.TryGetValue(scheme, out SettingsCopy? copy) || !copy.IsCurrent)
                _copies[scheme] = copy = new SettingsCopy(configuration.GetSchemeConfiguration(scheme));
            return copy;
        }
    }
}
