using IntrospectionAuth.TenantResolution;

namespace IntrospectionAuth;

/// <summary>The tenants that are resolved and kept in this process.</summary>
/// <remarks>It is a singleton in the container.</remarks>
public sealed class OAuthIntrospectionTenants
{
    private readonly SchemeTenants _tenants;

    internal OAuthIntrospectionTenants(SchemeTenants tenants) => _tenants = tenants;

    /// <summary>Forgets a tenant at once, because its settings have changed, or because it has ended or just begun.</summary>
    /// <param name="name">The name of the tenant, as it is found in requests.</param>
    /// <param name="authenticationScheme">The scheme; <see langword="null"/>, the default, means every scheme.</param>
    /// <returns>Whether the tenant was kept.</returns>
    /// <remarks>
    /// The next request of the tenant resolves it again. Its cache entries in memory are removed; those in a shared cache stay. Requests
    /// that already use it end with the previous settings. Only this process forgets it: call it on every node.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public bool Remove(string name, string? authenticationScheme = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _tenants.Remove(name, authenticationScheme);
    }
}
