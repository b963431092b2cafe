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

    /// <summary>Whether the configuration of a scheme has tenants.</summary>
    /// <param name="scheme">The section of the scheme.</param>
    public static bool AreIn(IConfiguration scheme) => scheme.GetSection(Key).GetChildren().Any();

    /// <summary>Finds what is wrong with the settings of the tenants, before any of them is used.</summary>
    /// <param name="scheme">The section of the scheme.</param>
    /// <param name="ofScheme">The options of the scheme.</param>
    public static IEnumerable<string> FindFaults(IConfiguration scheme, OAuthIntrospectionOptions ofScheme)
    {
        IConfigurationSection tenants = scheme.GetSection(Key);
        if (!string.IsNullOrEmpty(tenants.Value))
            yield return $"{Key} is a single value, but must contain the settings of tenants, by their names.";

        foreach (IConfigurationSection tenant in tenants.GetChildren())
        {
            if (!TenantName.IsPossible(tenant.Key))
            {
                yield return $"{Key}:{LogText.Escape(tenant.Key)} is not the name of a tenant: 1 to {TenantName.MaximumLength} characters, "
                    + "none of them a control character.";
            }

            if (!string.IsNullOrEmpty(tenant.Value))
                yield return $"{Key}:{tenant.Key} is a single value, but must contain settings.";
            foreach (string key in s_ofScheme.Where(it => tenant.GetSection(it).Exists()))
                yield return $"{Key}:{tenant.Key}:{key} has no effect for a tenant. Set {key} of the scheme.";
            var options = new OAuthIntrospectionOptions
            {
                Authority = ofScheme.Authority,
                IntrospectionEndpoint = ofScheme.IntrospectionEndpoint,
                ClientId = ofScheme.ClientId,
                ClientSecret = ofScheme.ClientSecret,
            };
            foreach (string fault in SchemeReader.ReadTenant(tenant, options))
                yield return $"{Key}:{tenant.Key}:{fault}";
        }
    }

    /// <summary>Finds the section of a tenant.</summary>
    /// <param name="scheme">The section of the scheme.</param>
    /// <param name="name">
    /// The name. Keys of the configuration have no case, and a colon leads to what is inside. A caller chooses the name, so it must be that
    /// of one tenant exactly.
    /// </param>
    public static IConfigurationSection? Find(IConfiguration scheme, string name) =>
        scheme.GetSection(Key).GetChildren().FirstOrDefault(it => it.Key == name);

    /// <summary>Sets the options of a tenant, after those of its scheme.</summary>
    /// <returns>Whether the configuration has the tenant.</returns>
    /// <exception cref="OptionsValidationException">Its settings cannot be read.</exception>
    public static bool TryConfigure(IConfiguration scheme, string schemeName, string name, OAuthIntrospectionOptions options)
    {
        if (Find(scheme, name) is not { } tenant)
            return false;

        List<string> faults = SchemeReader.ReadTenant(tenant, options);
        return faults.Count == 0
            ? true
            : throw new OptionsValidationException(
                schemeName,
                typeof(OAuthIntrospectionOptions),
                faults.Select(fault => $"Scheme {schemeName}: {tenant.Path}:{fault}")
            );
    }
}
