using System.Security.Claims;
using IntrospectionAuth.Json;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.StepUp;

/// <summary>Reads how and when a user authenticated (RFC 9470, section 6.2). Values that cannot be read count as absent.</summary>
internal static class AuthenticationClaims
{
    private const string Acr = "acr";
    private const string AuthTime = "auth_time";

    /// <summary>Whether the identity has one of the values.</summary>
    public static bool HasAcr(ClaimsIdentity identity, IReadOnlyList<string> values)
    {
        // FindAll ignores case.
        foreach (Claim claim in identity.FindAll(Acr))
        {
            if (claim.Type == Acr && values.Contains(claim.Value, StringComparer.Ordinal))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Reads when the user authenticated: from exactly one claim, which is a JSON number or a string of one.
    /// </summary>
    /// <returns>The time; null when it cannot be read, so that the user must authenticate again.</returns>
    public static DateTimeOffset? GetTime(ClaimsIdentity identity)
    {
        Claim? found = null;
        foreach (Claim claim in identity.FindAll(AuthTime))
        {
            if (claim.Type != AuthTime)
                continue;
            if (found is not null)
                return null;
            found = claim;
        }

        if (
            found is null
            || !MayBeNumber(found.ValueType)
            || !NumericDateReader.TryReadSeconds(found.Value, out decimal seconds)
            || seconds == 0
        )
        {
            return null;
        }

        DateTimeOffset time = NumericDateReader.Add(DateTimeOffset.UnixEpoch, seconds, out bool isClamped);
        return isClamped ? null : time;
    }

    /// <summary>Our claims have the first two types and the last; other handlers write the others.</summary>
    private static bool MayBeNumber(string valueType) =>
        valueType
            is ClaimValueTypes.String
                or ClaimValueTypes.Integer64
                or ClaimValueTypes.Integer32
                or ClaimValueTypes.Integer
                or ClaimValueTypes.Double;
}
