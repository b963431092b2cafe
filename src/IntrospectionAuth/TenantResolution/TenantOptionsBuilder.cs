using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.TenantResolution;

/// <summary>Builds the options of a tenant: those of the scheme, then those of the tenant, validated like options at startup.</summary>
internal sealed class TenantOptionsBuilder(
    TenantSource source,
    IEnumerable<IConfigureOptions<OAuthIntrospectionOptions>> configure,
    IEnumerable<IPostConfigureOptions<OAuthIntrospectionOptions>> postConfigure,
    IEnumerable<IValidateOptions<OAuthIntrospectionOptions>> validate
)
{
    /// <returns>The options; null when there is no such tenant.</returns>
    /// <exception cref="OptionsValidationException">They are invalid.</exception>
    public async Task<OAuthIntrospectionOptions?> BuildAsync(string scheme, TenantInResolution tenant, CancellationToken cancellationToken)
    {
        string name = tenant.Name;
        if (!TenantSource.MayExist(tenant.SchemeOptions, name))
            return null;

        var options = new OAuthIntrospectionOptions
        {
            Tenant = name,
            TenantKey = string.Create(CultureInfo.InvariantCulture, $"{scheme.Length}:{scheme}{name}"),
        };
        tenant.Options = options;
        foreach (IConfigureOptions<OAuthIntrospectionOptions> step in configure)
        {
            if (step is IConfigureNamedOptions<OAuthIntrospectionOptions> named)
                named.Configure(scheme, options);
        }

        var inherited = new InheritedServer(options);
        if (!await source.ConfigureAsync(tenant.SchemeOptions, new OAuthIntrospectionTenant(scheme, name, options), cancellationToken))
            return null;

        inherited.NoteAuthority(options);
        foreach (IPostConfigureOptions<OAuthIntrospectionOptions> step in postConfigure)
            step.PostConfigure(scheme, options);
        string[] faults =
        [
            .. validate
                .Select(step => step.Validate(scheme, options))
                .Where(static result => result is { Failed: true })
                .SelectMany(static result => result.Failures ?? []),
            .. inherited.FindFaults(options).Select(fault => $"Scheme {scheme}: {fault}"),
        ];
        return faults.Length == 0 ? options : throw new OptionsValidationException(scheme, typeof(OAuthIntrospectionOptions), faults);
    }
}
