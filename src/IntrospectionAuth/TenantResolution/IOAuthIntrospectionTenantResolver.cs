namespace IntrospectionAuth;

/// <summary>Finds the tenant of a request, and the settings of a tenant.</summary>
/// <remarks>
/// <see cref="OAuthIntrospectionOptions.TenantResolverType"/> names the type, which comes from the container in a scope of its own for each
/// call, so it may use a <c>DbContext</c>. For simple cases, set <see cref="OAuthIntrospectionOptions.ResolveTenant"/> and
/// <see cref="OAuthIntrospectionOptions.ConfigureTenant"/> instead.
/// </remarks>
public interface IOAuthIntrospectionTenantResolver
{
    /// <summary>Finds the name of the tenant of a request. Every request calls it, so it should be fast.</summary>
    /// <param name="request">The request, with its token.</param>
    /// <returns>
    /// The name; <see langword="null"/> if the request has no tenant. Names are compared ordinally: return one spelling for each tenant.
    /// </returns>
    ValueTask<string?> FindNameAsync(OAuthIntrospectionTenantRequest request);

    /// <summary>Sets the options of a tenant. It is called when the tenant is first used, and again from time to time.</summary>
    /// <param name="tenant">The tenant, with options that already have the settings of the scheme.</param>
    /// <param name="cancellationToken">Cancelled after <see cref="OAuthIntrospectionOptions.Timeout"/>.</param>
    /// <returns>Whether there is such a tenant. The tokens of an unknown one are rejected with 401.</returns>
    ValueTask<bool> ConfigureAsync(OAuthIntrospectionTenant tenant, CancellationToken cancellationToken);
}
