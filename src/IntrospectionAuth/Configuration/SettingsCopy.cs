using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Configuration;

/// <summary>A copy of the settings of a scheme: those of the scheme itself, and apart from them those of each tenant.</summary>
/// <remarks>
/// The sources of a configuration search all of their keys for what is in one section, and reading the settings of a scheme looks into
/// about a hundred. With many tenants, that takes long, and callers could cause it by names that they invent. A copy has few keys.
/// </remarks>
internal sealed class SettingsCopy
{
    private readonly IChangeToken _changed;
    private readonly Dictionary<string, ConfiguredTenant> _tenants = new(StringComparer.Ordinal);

    public SettingsCopy(IConfiguration section)
    {
        _changed = section.GetReloadToken(); // before the settings are read, which may change meanwhile
        var settings = new List<KeyValuePair<string, string?>>();
        foreach (IConfigurationSection child in section.GetChildren())
        {
            settings.Add(new(child.Key, child.Value));
            if (string.Equals(child.Key, ConfiguredTenants.Key, StringComparison.OrdinalIgnoreCase))
                AddTenants(child);
            else
                settings.AddRange(ReadInside(child).Select(it => KeyValuePair.Create($"{child.Key}:{it.Key}", it.Value)));
        }

        IsEmpty = settings.Count == 0;
        Scheme = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

    public bool IsEmpty { get; }

    /// <summary>Whether the configuration has not changed since.</summary>
    public bool IsCurrent => !_changed.HasChanged;

    /// <summary>The settings of the scheme, without those of its tenants.</summary>
    public IConfiguration Scheme { get; }

    /// <summary>The value that is written in place of the tenants, by mistake.</summary>
    public string? TenantsValue { get; private set; }

    public IReadOnlyDictionary<string, ConfiguredTenant> Tenants => _tenants;

    /// <summary>Finds the settings of a tenant.</summary>
    /// <param name="name">
    /// The name. Keys of the configuration have no case, and a colon leads to what is inside. A caller chooses the name, so it must be that
    /// of one tenant exactly.
    /// </param>
    public IConfiguration? FindTenant(string name) => _tenants.TryGetValue(name, out ConfiguredTenant? settings) ? settings.Open() : null;

    private void AddTenants(IConfigurationSection tenants)
    {
        TenantsValue = tenants.Value;
        foreach (IConfigurationSection tenant in tenants.GetChildren())
            _tenants[tenant.Key] = new ConfiguredTenant(tenant.Value, [.. ReadInside(tenant)]);
    }

    private static IEnumerable<KeyValuePair<string, string?>> ReadInside(IConfigurationSection section) =>
        section.AsEnumerable(makePathsRelative: true);
}
