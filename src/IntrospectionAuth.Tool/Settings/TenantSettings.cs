using System.Globalization;
using IntrospectionAuth.Configuration;
using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Tool.Terminal;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Tool.Settings;

/// <summary>Applies the settings of one tenant to those of its scheme, as an application does.</summary>
internal static class TenantSettings
{
    private const string Key = "Tenants";

    /// <param name="all">The configuration.</param>
    /// <param name="section">The section of the scheme.</param>
    /// <param name="name">The name of the tenant; null when the command line names none.</param>
    /// <param name="overrides">Settings on the command line, which take precedence over those of the tenant.</param>
    /// <returns>The configuration of a scheme without tenants.</returns>
    /// <exception cref="UsageException">
    /// There is no such tenant, or one of several must be named, or the tenant has settings for another server from its scheme.
    /// </exception>
    public static IConfiguration Apply(
        IConfiguration all,
        string section,
        string? name,
        IEnumerable<KeyValuePair<string, string?>> overrides
    )
    {
        IConfigurationSection[] tenants = [.. all.GetSection($"{section}:{Key}").GetChildren()];
        if (name is null && tenants.Length == 0)
            return all;

        string names = tenants.Length == 0 ? "none" : string.Join(", ", tenants.Select(static it => it.Key));
        if (name is null)
            throw new UsageException($"The scheme has tenants: {names}. Add --tenant NAME.");
        if (tenants.FirstOrDefault(it => it.Key == name) is not { } tenant)
            throw new UsageException($"There is no tenant {name} in {section}:{Key}. Tenants there: {names}. Names are compared by case.");

        ThrowIfServersDiffer(all.GetSection(section), tenant, overrides);
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string? value) in all.AsEnumerable())
        {
            if (value is not null && !IsIn(key, $"{section}:{Key}"))
                values[key] = value;
        }

        Replace(values, section, tenant);
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }

    private static void ThrowIfServersDiffer(
        IConfiguration scheme,
        IConfigurationSection tenant,
        IEnumerable<KeyValuePair<string, string?>> overrides
    )
    {
        IConfiguration all = new ConfigurationBuilder().AddConfiguration(tenant).AddInMemoryCollection(overrides).Build();
        var options = new OAuthIntrospectionOptions();
        SchemeReader.ReadScheme(scheme, all, options);
        var inherited = new InheritedServer(options);
        SchemeReader.ReadTenant(all, options);
        inherited.NoteAuthority(options);
        if (inherited.FindFaults(options).FirstOrDefault() is { } fault)
            throw new UsageException($"Tenant {tenant.Key}: {fault}");
    }

    private static void Replace(Dictionary<string, string?> values, string path, IConfigurationSection replacing)
    {
        // A list of the tenant takes the place of that of the scheme. Groups and maps are merged.
        IConfigurationSection[] children = [.. replacing.GetChildren()];
        if (children.Length == 0 || children.All(static it => int.TryParse(it.Key, CultureInfo.InvariantCulture, out _)))
        {
            foreach (string key in values.Keys.Where(it => IsIn(it, path)).ToArray())
                values.Remove(key);
        }

        if (replacing.Value is { } value)
            values[path] = value;
        foreach (IConfigurationSection child in children)
            Replace(values, $"{path}:{child.Key}", child);
    }

    private static bool IsIn(string key, string path) =>
        key.Equals(path, StringComparison.OrdinalIgnoreCase) || key.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase);
}
