using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.FreshTokens;

/// <summary>Left with the request once a scheme has met the demand for a fresh token: it vouches for that scheme's identity, and for no other.</summary>
internal sealed class FreshnessRecord(TimeSpan maximumAge, string scheme, FreshnessRecord? earlier)
{
    /// <param name="context">The request.</param>
    /// <param name="demand">What was demanded and is met; nothing is left where nothing was.</param>
    /// <param name="scheme">The scheme that has met it.</param>
    public static void Leave(HttpContext context, TimeSpan? demand, string scheme)
    {
        if (demand is { } maximumAge)
            context.Features.Set(new FreshnessRecord(maximumAge, scheme, context.Features.Get<FreshnessRecord>()));
    }

    /// <summary>Whether the user has the identity that this vouches for.</summary>
    public bool Covers(HttpContext context, ClaimsPrincipal user, TimeSpan demand) =>
        (maximumAge <= demand && (HasIdentity(user) || IsResult(context, user))) || earlier?.Covers(context, user, demand) == true;

    /// <summary>Among identities of several schemes; a claims transformation may have copied ours.</summary>
    private bool HasIdentity(ClaimsPrincipal user) =>
        user.Identities.Any(identity => identity.IsAuthenticated && identity.AuthenticationType == scheme);

    /// <summary>
    /// An event handler or a claims transformation may have put an identity of its own in place of ours. The ticket of a policy with
    /// several schemes names them all, separated by semicolons, and has the identities of all that succeeded: this one has.
    /// </summary>
    private bool IsResult(HttpContext context, ClaimsPrincipal user) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket is { } ticket
        && ReferenceEquals(ticket.Principal, user)
        && (ticket.AuthenticationScheme == scheme || ticket.AuthenticationScheme.Split(';').Contains(scheme, StringComparer.Ordinal));
}
