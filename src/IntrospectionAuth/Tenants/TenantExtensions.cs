using IntrospectionAuth.Authorization;
using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Requires, in policies, on endpoints and on groups, that a token was issued for the tenant that the request names.</summary>
/// <remarks>
/// <para>
/// The requirement reads the member of the authorization server's response. <c>ClaimMappings</c>, claims that the application adds, and
/// claims of other schemes do not affect it. The comparison is ordinal. A number is compared as the server wrote it, and an array must
/// contain the tenant. A request that names no tenant or several is forbidden, and so is a token whose response lacks the member. With
/// several introspection schemes, every accepted token must be of the tenant.
/// </para>
/// <para>
/// The caller gets 403 without a challenge, because neither another scope nor another sign-in would change the tenant of the token. An
/// application that replaces the handler's <c>ClaimsIdentity</c> loses the response, so every caller is forbidden. Add claims or
/// identities to the principal instead.
/// </para>
/// </remarks>
public static class TenantExtensions
{
    /// <summary>Requires that the token was issued for the tenant that the request names.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="claim">
    /// The member of the response, such as <c>workspace_id</c>, or a path into an object as in <c>ClaimMappings</c>.
    /// </param>
    /// <param name="routeValue">The name of the route value that must equal it, ordinally.</param>
    /// <param name="header">The name of the request header that must equal it, ordinally, instead of a route value.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">No claim is named, or not exactly one of a route value and a header.</exception>
    public static AuthorizationPolicyBuilder RequireTenant(
        this AuthorizationPolicyBuilder builder,
        string claim,
        string? routeValue = null,
        string? header = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.RequireAuthenticatedUser().AddRequirements(new TenantRequirement(claim, routeValue, header));
    }

    /// <summary>
    /// Requires that the token was issued for the tenant that the request names, on an endpoint or every endpoint of a group.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="claim">
    /// The member of the response, such as <c>workspace_id</c>, or a path into an object as in <c>ClaimMappings</c>.
    /// </param>
    /// <param name="routeValue">The name of the route value that must equal it, ordinally.</param>
    /// <param name="header">The name of the request header that must equal it, ordinally, instead of a route value.</param>
    /// <returns>The endpoint or group.</returns>
    /// <remarks>
    /// Like <c>RequireAuthorization()</c>, it applies in addition to the default policy. When an endpoint has several, each must be met.
    /// </remarks>
    /// <exception cref="ArgumentException">No claim is named, or not exactly one of a route value and a header.</exception>
    public static TBuilder RequireTenant<TBuilder>(this TBuilder builder, string claim, string? routeValue = null, string? header = null)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new RequirementMetadata(new TenantRequirement(claim, routeValue, header)));
}
