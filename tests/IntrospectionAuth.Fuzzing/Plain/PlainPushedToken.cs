using IntrospectionAuth.Fuzzing.Targets;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>The checks that logout tokens and security event tokens share (RFC 8417; OpenID Connect Back-Channel Logout 1.0).</summary>
internal sealed class PlainPushedToken
{
    private const int LongestToken = 16 * 1024;
    private const int MaximumDepth = 16;
    private const int LongestNumber = 128; // the library reads no longer date

    public required PlainValue Claims { get; init; }

    public required string Id { get; init; }

    /// <summary>Whether it has text that is not Unicode where it does not matter. The library may refuse it.</summary>
    public required bool IsDoubtful { get; init; }

    /// <param name="text">The token.</param>
    /// <param name="isSigned">Whether it is signed by the key of the targets; null when that is not known.</param>
    /// <param name="types">The accepted types; null for a header without one.</param>
    /// <param name="longestAge">How old it may be.</param>
    /// <param name="needsExpiry">Whether it needs an <c>exp</c>.</param>
    /// <returns>The token; null when it is not from this issuer for this API, now.</returns>
    public static PlainPushedToken? Read(string text, bool? isSigned, string?[] types, TimeSpan longestAge, bool needsExpiry)
    {
        if (text.Length > LongestToken || PlainJws.Read(text) is not { } message || !message.IsSignedBy(JoseInput.PlainKey, isSigned))
            return null;
        if (!Array.Exists(types, it => it is null ? message.Header.Get("typ") is null : message.HasType(it)))
            return null;
        if (PlainJson.Parse(PlainJson.WithoutMark(message.Payload), MaximumDepth) is not { Kind: PlainKind.Object } claims)
            return null;
        if (claims.HasMemberTwiceAnywhere || claims.GetText("iss") != FixedKeys.Issuer || !HasAudience(claims.Get("aud")))
            return null;

        foreach (string name in (string[])["iat", "nbf", "exp"])
        {
            if (claims.Get(name) is { } value && DateOf(value) is null)
                return null;
        }

        DateTimeOffset now = FuzzTarget.Now;
        var minute = TimeSpan.FromMinutes(1);
        if (DateOf(claims.Get("iat")) is not { } issuedAt || issuedAt > now + minute || issuedAt < now - longestAge - minute)
            return null;
        if (DateOf(claims.Get("nbf")) > now + minute || DateOf(claims.Get("exp")) <= now)
            return null;
        if (needsExpiry && claims.Get("exp") is null)
            return null;

        return claims.GetText("jti") is { Length: > 0 } id
            ? new()
            {
                Claims = claims,
                Id = id,
                IsDoubtful = !claims.IsUnicode || !message.Header.IsUnicode,
            }
            : null;
    }

    private static bool HasAudience(PlainValue? audience) =>
        audience?.Kind == PlainKind.Array
            ? audience.Items.TrueForAll(static it => it.Kind == PlainKind.String)
                && audience.Items.Exists(static it => it.Text == FixedKeys.ClientId)
            : audience?.Kind == PlainKind.String && audience.Text == FixedKeys.ClientId;

    private static DateTimeOffset? DateOf(PlainValue? value) =>
        value?.Raw.Length <= LongestNumber ? PlainDate.Read(value, acceptsText: false)?.AddTo(DateTimeOffset.UnixEpoch) : null;
}
