using IntrospectionAuth;
using IntrospectionAuth.Authorization;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Requires scopes in policies, on endpoints and on groups.</summary>
public static class ScopeAuthorizationExtensions
{
    /// <summary>Requires an authenticated caller whose token has all of the scopes.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">No scope is named.</exception>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder builder, params IEnumerable<string> scopes)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.RequireAuthenticatedUser().AddRequirements(ScopeRequirement.All(scopes));
    }

    /// <summary>Requires an authenticated caller whose token has at least one of the scopes.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">No scope is named.</exception>
    public static AuthorizationPolicyBuilder RequireAnyScope(this AuthorizationPolicyBuilder builder, params IEnumerable<string> scopes)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.RequireAuthenticatedUser().AddRequirements(ScopeRequirement.Any(scopes));
    }

    /// <summary>Requires that the caller's token has all of the scopes, on an endpoint or every endpoint of a group.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">No scope is named.</exception>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params IEnumerable<string> scopes)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(new RequirementMetadata(ScopeRequirement.All(scopes)));

    /// <summary>Requires that the caller's token has at least one of the scopes, on an endpoint or every endpoint of a group.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">No scope is named.</exception>
    public static TBuilder RequireAnyScope<TBuilder>(this TBuilder builder, params IEnumerable<string> scopes)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(new RequirementMetadata(ScopeRequirement.Any(scopes)));
}
