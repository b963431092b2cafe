using System.Globalization;
using System.Security.Claims;

namespace IntrospectionAuth.Authorization;

/// <summary>Reads how and when a user has authenticated (RFC 9470, section 6.2). What cannot be read is not there.</summary>
internal static class AuthenticationClaims
{
    private const string Acr = "acr";
    private const string AuthTime = "auth_time";
    private const decimal MaximumSeconds = 253_402_300_799; // the last second of year 9999

    /// <summary>Whether the identity has one of the values.</summary>
    public static bool HasAcr(ClaimsIdentity identity, IReadOnlyList<string> values)
    {
        // FindAll takes types in any case.
        foreach (Claim claim in identity.FindAll(Acr))
        {
            if (claim.Type == Acr && values.Contains(claim.Value, StringComparer.Ordinal))
                return true;
        }

        return false;
    }

    /// <summary>When the user authenticated: a JSON number, once.</summary>
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

        return found is not null && IsNumber(found.ValueType)
            && decimal.TryParse(found.Value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out decimal seconds)
            && seconds is > 0 and <= MaximumSeconds
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;
    }

    /// <summary>Ours are the first and the last; other handlers write the others.</summary>
    private static bool IsNumber(string valueType) =>
        valueType is ClaimValueTypes.Integer64 or ClaimValueTypes.Integer32 or ClaimValueTypes.Integer or ClaimValueTypes.Double;
}
