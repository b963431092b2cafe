using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>Says which tenant a request is for.</summary>
public static class OAuthIntrospectionTenantExtensions
{
    /// <summary>Gets the name of the tenant whose authorization server has accepted the token of a request.</summary>
    /// <param name="context">The request, after authentication.</param>
    /// <param name="authenticationScheme">The scheme. The default is <see cref="OAuthIntrospectionDefaults.AuthenticationScheme"/>.</param>
    /// <returns>
    /// The name; <see langword="null"/> if the scheme has no tenants, or has not accepted the token of the request.
    /// </returns>
    /// <remarks>
    /// Each claim of the user comes from this tenant's server, which can say anything. Keep the data of users under the name of the tenant
    /// as well as their <c>sub</c>.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A parameter is null.</exception>
    public static string? GetIntrospectionTenant(
        this HttpContext context,
        string authenticationScheme = OAuthIntrospectionDefaults.AuthenticationScheme
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(authenticationScheme);
        return RequestTenants.FindAccepted(context, authenticationScheme)?.Tenant;
    }
}
