using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>
/// Tenant rules for policies, endpoints and groups: the token must have been issued for the tenant that the request names.
/// </summary>
/// <remarks>
/// <para>
/// The rule reads the member of the authorization server's response, whatever <c>ClaimMappings</c> make of it, and neither claims that the
/// application or a mapping gave that name, nor those of other schemes. Comparison is ordinal; a number is compared as the server wrote it,
/// and an array must contain the tenant. A request that names no tenant, or several, is refused, and so is a token whose response lacks the
/// member. With several introspection schemes every accepted token must be the tenant's.
/// </para>
/// <para>
/// A refusal is 403 without a challenge: no other scope, and no new login, would make the token another tenant's. An application that
/// replaces the handler's <c>ClaimsIdentity</c> by one of its own loses the response, so that nobody is let in; add claims or identities to
/// the principal instead.
/// </para>
/// </remarks>
public static class TenantExtensions
{
    /// <summary>Requires that the token was issued for the tenant that the request names.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="claim">The member of the response, <c>workspace_id</c> for one, or the path into an object, as in
    /// <c>ClaimMappings</c>.</param>
    /// <param name="routeValue">The name of the route value that must be equal to it, ordinally.</param>
    /// <param name="header">The name of the request header that must be equal to it, ordinally, in place of a route value.</param>
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
    /// Requires that the token was issued for the tenant that the request names, on an endpoint or on every endpoint of a group.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="claim">The member of the response, <c>workspace_id</c> for one, or the path into an object, as in
    /// <c>ClaimMappings</c>.</param>
    /// <param name="routeValue">The name of the route value that must be equal to it, ordinally.</param>
    /// <param name="header">The name of the request header that must be equal to it, ordinally, in place of a route value.</param>
    /// <returns>The endpoint or group.</returns>
    /// <remarks>Like <c>RequireAuthorization()</c>, it comes on top of the default policy. Of several on one endpoint each must be
    /// met.</remarks>
    /// <exception cref="ArgumentException">No claim is named, or not exactly one of a route value and a header.</exception>
    public static TBuilder RequireTenant<TBuilder>(this TBuilder builder, string claim, string? routeValue = null, string? header = null)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new TenantAuthorizeData(new TenantRequirement(claim, routeValue, header)));
}
