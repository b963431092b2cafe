using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Configuration;

/// <summary>
/// Sets the options of a scheme from <c>Authentication:Schemes:&lt;scheme&gt;</c>, before the application's own code runs.
/// </summary>
internal sealed class ConfigureFromConfiguration(IAuthenticationConfigurationProvider configuration)
    : IConfigureNamedOptions<OAuthIntrospectionOptions>
{
    public void Configure(OAuthIntrospectionOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, OAuthIntrospectionOptions options)
    {
        if (string.IsNullOrEmpty(name))
            return;

        IConfiguration section = configuration.GetSchemeConfiguration(name);
        if (!section.GetChildren().Any())
            return;

        IConfiguration? tenant = options.Tenant is null ? null : ConfiguredTenants.Find(section, options.Tenant);
        List<string> faults = SchemeReader.ReadScheme(section, tenant, options);
        if (options.TenantKey is null) // a tenant does not depend on the settings of the others, which may be many
            faults.AddRange(ConfiguredTenants.FindFaults(section, options));
        if (ConfiguredTenants.AreIn(section))
            options.TryConfigureTenant = (tenant, its) => ConfiguredTenants.TryConfigure(section, name, tenant, its);
        if (faults.Count > 0)
        {
            throw new OptionsValidationException(
                name,
                typeof(OAuthIntrospectionOptions),
                faults.Select(fault => $"Scheme {name}: Authentication:Schemes:{name}:{fault}")
            );
        }
    }
}
