using IntrospectionAuth.Authorization;
using IntrospectionAuth.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Requires how and when the user authenticated (RFC 9470), in policies, on endpoints and on groups.</summary>
/// <remarks>
/// The requirements read <c>acr</c> and <c>auth_time</c> of the authorization server's response. Users that do not meet them get 401
/// <c>insufficient_user_authentication</c>, so that the client can send the user to the authorization server again.
/// </remarks>
public static class StepUpExtensions
{
    /// <summary>Requires that the user authenticated with one of the named methods.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="acrValues">
    /// The accepted values of <c>acr</c>, the preferred one first; one string may hold several, separated by spaces.
    /// </param>
    /// <returns>The policy.</returns>
    /// <remarks>Values are compared ordinally. A token whose response has no <c>acr</c> does not meet the requirement.</remarks>
    /// <exception cref="ArgumentException">No value is named.</exception>
    public static AuthorizationPolicyBuilder RequireAcr(this AuthorizationPolicyBuilder builder, params IEnumerable<string> acrValues)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.RequireAuthenticatedUser().AddRequirements(new AcrRequirement(acrValues));
    }

    /// <summary>Requires that the user authenticated recently.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="maxAge">The maximum time since the user authenticated. At least 1 second; challenges state whole seconds.</param>
    /// <returns>The policy.</returns>
    /// <remarks>
    /// The time is measured by the scheme's <c>TimeProvider</c>, with its <c>ClockSkew</c>. A token whose response has no <c>auth_time</c>,
    /// or one more than 5 seconds in the future, does not meet the requirement.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is less than a second.</exception>
    public static AuthorizationPolicyBuilder RequireRecentAuthentication(this AuthorizationPolicyBuilder builder, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.RequireAuthenticatedUser().AddRequirements(new RecentAuthenticationRequirement(maxAge));
    }

    /// <summary>Requires that the user authenticated with one of the named methods, on an endpoint or every endpoint of a group.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="acrValues">
    /// The accepted values of <c>acr</c>, the preferred one first; one string may hold several, separated by spaces.
    /// </param>
    /// <returns>The endpoint or group.</returns>
    /// <remarks>
    /// Like <c>RequireAuthorization()</c>, it applies in addition to the default policy. When an endpoint has several, each must be met.
    /// </remarks>
    /// <exception cref="ArgumentException">No value is named.</exception>
    public static TBuilder RequireAcr<TBuilder>(this TBuilder builder, params IEnumerable<string> acrValues)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(new RequirementMetadata(new AcrRequirement(acrValues)));

    /// <summary>Requires that the user authenticated recently, on an endpoint or every endpoint of a group.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="maxAge">The maximum time since the user authenticated. At least 1 second; challenges state whole seconds.</param>
    /// <returns>The endpoint or group.</returns>
    /// <remarks>
    /// Like <c>RequireAuthorization()</c>, it applies in addition to the default policy. When an endpoint has several, the shortest time
    /// counts.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is less than a second.</exception>
    public static TBuilder RequireRecentAuthentication<TBuilder>(this TBuilder builder, TimeSpan maxAge)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new RequirementMetadata(new RecentAuthenticationRequirement(maxAge)));
}
