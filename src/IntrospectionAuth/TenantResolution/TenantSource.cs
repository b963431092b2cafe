using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.TenantResolution;

/// <summary>
/// Finds tenants: in the configuration, and by code of the application, which is two delegates or a resolver from the container.
/// </summary>
internal sealed class TenantSource(IServiceScopeFactory scopes)
{
    /// <returns>The name of the tenant of a request; null for none.</returns>
    public static ValueTask<string?> FindNameAsync(OAuthIntrospectionOptions schemeOptions, OAuthIntrospectionTenantRequest request) =>
        schemeOptions.ResolveTenant is { } find
            ? find(request)
            : GetResolver(schemeOptions, request.HttpContext.RequestServices).FindNameAsync(request);

    /// <summary>Whether there may be such a tenant, before anything is built for a name that a caller may have invented.</summary>
    public static bool MayExist(OAuthIntrospectionOptions schemeOptions, string name) =>
        schemeOptions.ConfigureTenant is not null
        || schemeOptions.TenantResolverType is not null
        || schemeOptions.HasConfiguredTenant?.Invoke(name) == true;

    /// <summary>Sets the options of a tenant. No request is involved: others may wait for the same settings.</summary>
    /// <returns>Whether there is such a tenant.</returns>
    public async Task<bool> ConfigureAsync(
        OAuthIntrospectionOptions schemeOptions,
        OAuthIntrospectionTenant tenant,
        CancellationToken cancellationToken
    )
    {
        bool isConfigured = schemeOptions.TryConfigureTenant?.Invoke(tenant.Name, tenant.Options) == true;
        if (schemeOptions.ConfigureTenant is { } configure)
            return await configure(tenant, cancellationToken);
        if (schemeOptions.TenantResolverType is null)
            return isConfigured;

        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        return await GetResolver(schemeOptions, scope.ServiceProvider).ConfigureAsync(tenant, cancellationToken);
    }

    private static IOAuthIntrospectionTenantResolver GetResolver(OAuthIntrospectionOptions schemeOptions, IServiceProvider services) =>
        (IOAuthIntrospectionTenantResolver)services.GetRequiredService(schemeOptions.TenantResolverType!);
}
