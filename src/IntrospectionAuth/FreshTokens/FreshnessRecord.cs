using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.FreshTokens;

/// <summary>
/// A request feature: a scheme authenticated the request by a response of the required freshness. It covers the identity of that scheme
/// alone.
/// </summary>
internal sealed class FreshnessRecord(TimeSpan maximumAge, string scheme, FreshnessRecord? earlier)
{
    public static void Add(HttpContext context, TimeSpan? requiredFreshness, string scheme)
    {
        if (requiredFreshness is { } maximumAge)
            context.Features.Set(new FreshnessRecord(maximumAge, scheme, context.Features.Get<FreshnessRecord>()));
    }

    /// <summary>Whether the user has an identity that a scheme authenticated with the required freshness.</summary>
    public bool Covers(HttpContext context, ClaimsPrincipal user, TimeSpan requiredFreshness) =>
        (maximumAge <= requiredFreshness && (HasIdentity(user) || IsResult(context, user)))
        || earlier?.Covers(context, user, requiredFreshness) == true;

    /// <summary>Other schemes may have added identities, and a claims transformation may have copied the identity.</summary>
    private bool HasIdentity(ClaimsPrincipal user) =>
        user.Identities.Any(identity => identity.IsAuthenticated && identity.AuthenticationType == scheme);

    /// <summary>
    /// An event handler or a claims transformation may have replaced the identity by its own. The ticket of a policy with several schemes
    /// names every scheme that succeeded, separated by semicolons.
    /// </summary>
    private bool IsResult(HttpContext context, ClaimsPrincipal user) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket is { } ticket
        && ReferenceEquals(ticket.Principal, user)
        && (ticket.AuthenticationScheme == scheme || ticket.AuthenticationScheme.Split(';').Contains(scheme, StringComparer.Ordinal));
}
