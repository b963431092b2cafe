using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Authorization;

/// <summary>Left with the request once a scheme has met the demand for a fresh token: it vouches for that scheme's identity, and for no other.</summary>
internal sealed class FreshTokenProof(TimeSpan maximumAge, string scheme, FreshTokenProof? earlier)
{
    public static void Leave(HttpContext context, TimeSpan maximumAge, string scheme) =>
        context.Features.Set(new FreshTokenProof(maximumAge, scheme, context.Features.Get<FreshTokenProof>()));

    /// <summary>Whether the user has the identity that this vouches for; a claims transformation may have copied it.</summary>
    public bool Covers(ClaimsPrincipal user, TimeSpan demand) =>
        (maximumAge <= demand && user.Identities.Any(identity => identity.IsAuthenticated && identity.AuthenticationType == scheme))
        || earlier?.Covers(user, demand) == true;
}
