using System.Text.Json;
using IntrospectionAuth.Json;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.PushedRevocation;

/// <summary>Reads the claims of a pushed token and compares them with what is expected. The signature is verified afterwards.</summary>
internal static class PushedTokenReader
{
    private const int MaximumDepth = 16;

    public static PushedTokenResult Read(ReadOnlyMemory<byte> payload, PushedTokenExpectations expected, IntrospectionScheme scheme)
    {
        Reading<JsonElement?> reading = StrictJson.Read(payload, MaximumDepth, static claims => Reading<JsonElement?>.Of(claims.Clone()));
        if (reading.Value is not { } claims)
            return PushedTokenRejection.Invalid($"The claims cannot be used: {reading.Fault}.");

        try
        {
            return Read(claims, expected, scheme);
        }
        catch (InvalidOperationException)
        {
            return PushedTokenRejection.Invalid("The claims have a string that is not Unicode."); // an escaped lone surrogate
        }
    }

    private static PushedTokenResult Read(JsonElement claims, PushedTokenExpectations expected, IntrospectionScheme scheme)
    {
        if (claims.ReadString(MemberNames.Issuer) != expected.Issuer)
            return new PushedTokenRejection(PushedTokenFault.InvalidIssuer, "The iss is not the expected issuer.");
        if (!HasAudience(claims, expected.Audiences))
            return new PushedTokenRejection(PushedTokenFault.InvalidAudience, "The aud does not name this API.");

        if (
            !TryReadDate(claims, MemberNames.IssuedAt, out DateTimeOffset? issuedAt)
            || !TryReadDate(claims, MemberNames.NotBefore, out DateTimeOffset? notBefore)
            || !TryReadDate(claims, MemberNames.ExpiresAt, out DateTimeOffset? expiresAt)
        )
        {
            return PushedTokenRejection.Invalid("The iat, nbf or exp is not a date.");
        }

        TimeSpan skew = scheme.Options.ClockSkew;
        DateTimeOffset latest = scheme.Now + PushedTokenExpectations.Tolerance + skew;
        if (issuedAt is null)
            return PushedTokenRejection.Invalid("The iat is missing.");
        if (issuedAt > latest || notBefore > latest)
            return PushedTokenRejection.Invalid("The iat or nbf is in the future.");
        if (scheme.Now - issuedAt > expected.MaximumAge + PushedTokenExpectations.Tolerance + skew)
            return PushedTokenRejection.Invalid("The iat is too long ago.");
        if (expected.RequiresExpiry && expiresAt is null)
            return PushedTokenRejection.Invalid("The exp is missing.");
        if (scheme.Now - expiresAt >= skew)
            return PushedTokenRejection.Invalid("The exp has passed.");
        if (claims.ReadString("jti") is not { Length: > 0 } id)
            return PushedTokenRejection.Invalid("The jti is missing.");
        if (expected.FindFault(claims) is { } fault)
            return PushedTokenRejection.Invalid(fault);

        return new PushedToken
        {
            Id = id,
            IssuedAt = issuedAt.Value,
            ExpiresAt = expiresAt,
            Claims = claims,
        };
    }

    /// <summary>A string, or an array of strings (RFC 7519, section 4.1.3).</summary>
    private static bool HasAudience(JsonElement claims, IReadOnlyCollection<string> expected)
    {
        if (!claims.TryGetProperty(MemberNames.Audience, out JsonElement audience))
            return false;
        if (audience.ValueKind != JsonValueKind.Array)
            return IsExpected(audience);

        return audience.EnumerateArray().All(static it => it.ValueKind == JsonValueKind.String)
            && audience.EnumerateArray().Any(IsExpected);

        bool IsExpected(JsonElement value) =>
            value.ValueKind == JsonValueKind.String && expected.Contains(value.GetString(), StringComparer.Ordinal);
    }

    /// <summary>The dates of a JWT must be numbers (RFC 7519, section 2).</summary>
    private static bool TryReadDate(JsonElement claims, string name, out DateTimeOffset? date)
    {
        date = null;
        if (!claims.TryGetProperty(name, out JsonElement value))
            return true;
        if (value.ValueKind != JsonValueKind.Number || !NumericDateReader.TryReadSeconds(value.GetRawText(), out decimal seconds))
            return false;

        date = NumericDateReader.Add(DateTimeOffset.UnixEpoch, seconds, out _);
        return true;
    }
}
