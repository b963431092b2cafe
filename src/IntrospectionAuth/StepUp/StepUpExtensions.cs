using IntrospectionAuth.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Requirements of how and when the user has authenticated (RFC 9470), for policies, endpoints and groups.</summary>
/// <remarks>
/// They are judged by <c>acr</c> and <c>auth_time</c> of the authorization server's answer. A user who does not meet them gets 401 <c>insufficient_user_authentication</c>, so that
/// the client can send the user to the authorization server again.
/// </remarks>
public static class StepUpExtensions
{
    /// <summary>Requires that the user has authenticated in one of the ways named.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="acrValues">The values of <c>acr</c> that do, the preferred one first; one string may hold several, separated by spaces.</param>
    /// <returns>The policy.</returns>
    /// <remarks>Values are compared ordinally. A token whose answer has no <c>acr</c> is not let in.</remarks>
    /// <exception cref="ArgumentException">No value is named.</exception>
    public static AuthorizationPolicyBuilder RequireAcr(this AuthorizationPolicyBuilder builder, params IEnumerable<string> acrValues)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.RequireAuthenticatedUser().AddRequirements(new AcrRequirement(acrValues));
    }

    /// <summary>Requires that the user has authenticated lately.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="maxAge">The longest time since then. At least a second; callers are told whole seconds.</param>
    /// <returns>The policy.</returns>
    /// <remarks>
    /// It is measured by the scheme's <c>TimeProvider</c>, with its <c>ClockSkew</c>. A token whose answer has no <c>auth_time</c>, or one
    /// more than 5 seconds in the future, is not let in.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is less than a second.</exception>
    public static AuthorizationPolicyBuilder RequireRecentAuthentication(this AuthorizationPolicyBuilder builder, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.RequireAuthenticatedUser().AddRequirements(new RecentAuthenticationRequirement(maxAge));
    }

    /// <summary>Requires that the user has authenticated in one of the ways named, on an endpoint or on every endpoint of a group.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="acrValues">The values of <c>acr</c> that do, the preferred one first; one string may hold several, separated by spaces.</param>
    /// <returns>The endpoint or group.</returns>
    /// <remarks>Like <c>RequireAuthorization()</c>, it comes on top of the default policy. Of several on one endpoint each must be met.</remarks>
    /// <exception cref="ArgumentException">No value is named.</exception>
    public static TBuilder RequireAcr<TBuilder>(this TBuilder builder, params IEnumerable<string> acrValues)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(new StepUpAuthorizeData(new AcrRequirement(acrValues)));

    /// <summary>Requires that the user has authenticated lately, on an endpoint or on every endpoint of a group.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="maxAge">The longest time since then. At least a second; callers are told whole seconds.</param>
    /// <returns>The endpoint or group.</returns>
    /// <remarks>Like <c>RequireAuthorization()</c>, it comes on top of the default policy. Of several on one endpoint the strictest counts.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is less than a second.</exception>
    public static TBuilder RequireRecentAuthentication<TBuilder>(this TBuilder builder, TimeSpan maxAge)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new StepUpAuthorizeData(new RecentAuthenticationRequirement(maxAge)));
}
