namespace IntrospectionAuth.Configuration;

/// <summary>Finds settings of tenants that do not belong together.</summary>
internal static class TenantFaults
{
    /// <summary>Finds faults in what a scheme with tenants needs before there is a tenant, or without one.</summary>
    public static IEnumerable<string> FindOfScheme(OAuthIntrospectionOptions options) =>
        [.. TokenFaults.FindInRetrieval(options.TokenRetrieval), .. options.Resource is null ? [] : ResourceFaults.Find(options)];

    public static IEnumerable<string> Find(OAuthIntrospectionOptions options)
    {
        if (options.TenantKey is not null)
            yield break;

        if (options.ResolveTenant is null && options.ConfigureTenant is not null)
            yield return "ConfigureTenant is set, but ResolveTenant is not. Set ResolveTenant, which finds the name of the tenant.";
        if (options.ResolveTenant is not null && options.ConfigureTenant is null && options.TryConfigureTenant is null)
        {
            yield return "ResolveTenant is set, but there is no tenant. Set ConfigureTenant, which sets the options of a tenant, or add "
                + "tenants to the configuration: Tenants:NAME.";
        }

        if (options.TryConfigureTenant is not null && !options.ResolvesTenants)
        {
            yield return "Tenants are configured, but ResolveTenant is not set. Set ResolveTenant, which finds the name of the tenant of a "
                + "request, in code.";
        }

        if (options.TenantResolverType is not null && (options.ResolveTenant is not null || options.ConfigureTenant is not null))
            yield return "TenantResolverType is set together with ResolveTenant or ConfigureTenant. Remove one of them.";
    }
}
