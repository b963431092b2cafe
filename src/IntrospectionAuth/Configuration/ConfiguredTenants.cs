using IntrospectionAuth.TenantResolution;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Configuration;

/// <summary>The tenants in the configuration of a scheme: any setting of a scheme, by the name of the tenant.</summary>
internal static class ConfiguredTenants
{
    public const string Key = "Tenants";

    // What is decided before there is a tenant.
    private static readonly string[] s_ofScheme =
    [
        nameof(OAuthIntrospectionOptions.TenantCache),
        nameof(OAuthIntrospectionOptions.TokenRetrieval),
        nameof(OAuthIntrospectionOptions.MaximumTokenLength),
        nameof(OAuthIntrospectionOptions.AdditionalTokenCharacters),
        $"{nameof(OAuthIntrospectionOptions.SharedCache)}:{nameof(OAuthIntrospectionSharedCacheOptions.Redis)}",
        nameof(OAuthIntrospectionOptions.ForwardDefault),
        nameof(OAuthIntrospectionOptions.ForwardAuthenticate),
        nameof(OAuthIntrospectionOptions.ForwardChallenge),
        nameof(OAuthIntrospectionOptions.ForwardForbid),
    ];

    /// <summary>Finds what is wrong with the settings of the tenants, before any of them is used.</summary>
    /// <param name="settings">The settings of the scheme and its tenants.</param>
    /// <param name="ofScheme">The options of the scheme.</param>
    public static IEnumerable<string> FindFaults(SettingsCopy settings, OAuthIntrospectionOptions ofScheme)
    {
        if (!string.IsNullOrEmpty(settings.TenantsValue))
            yield return $"{Key} is a single value, but must contain the settings of tenants, by their names.";

        foreach ((string name, ConfiguredTenant its) in settings.Tenants)
        {
            if (!TenantName.IsPossible(name))
            {
                yield return $"{Key}:{LogText.Escape(name)} is not the name of a tenant: 1 to {TenantName.MaximumLength} characters, "
                    + "none of them a control character.";
            }

            if (!string.IsNullOrEmpty(its.Value))
                yield return $"{Key}:{name} is a single value, but must contain settings.";
            IConfiguration tenant = its.Open();
            foreach (string key in s_ofScheme.Where(it => tenant.GetSection(it).Exists()))
                yield return $"{Key}:{name}:{key} has no effect for a tenant. Set {key} of the scheme.";
            var options = new OAuthIntrospectionOptions
            {
                Authority = ofScheme.Authority,
                IntrospectionEndpoint = ofScheme.IntrospectionEndpoint,
                ClientId = ofScheme.ClientId,
                ClientSecret = ofScheme.ClientSecret,
            };
            foreach (string fault in SchemeReader.ReadTenant(tenant, options))
                yield return $"{Key}:{name}:{fault}";
        }
    }

    /// <summary>Sets the options of a tenant, after those of its scheme.</summary>
    /// <returns>Whether the configuration has the tenant.</returns>
    /// <exception cref="OptionsValidationException">Its settings cannot be read.</exception>
    public static bool TryConfigure(SettingsCopy settings, string scheme, string name, OAuthIntrospectionOptions options)
    {
        if (settings.FindTenant(name) is not { } tenant)
            return false;

        List<string> faults = SchemeReader.ReadTenant(tenant, options);
        return faults.Count == 0
            ? true
            : throw new OptionsValidationException(
                scheme,
                typeof(OAuthIntrospectionOptions),
                faults.Select(fault => $"Scheme {scheme}: Authentication:Schemes:{scheme}:{Key}:{name}:{fault}")
            );
    }
}
