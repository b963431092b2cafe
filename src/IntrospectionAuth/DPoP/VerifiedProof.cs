using IntrospectionAuth.Jose;

namespace IntrospectionAuth.DPoP;

/// <summary>What a verified proof has proved: that its sender had this key, for this request and this token. Nothing is said yet about whether the token is bound to it.</summary>
internal sealed class VerifiedProof
{
    /// <summary>The JWK thumbprint of the key (RFC 7638), base64url-encoded: what a token's <c>jkt</c> must be.</summary>
    public required string KeyThumbprint { get; init; }

    /// <summary>That thumbprint with the members of the key as they were spelled; null when it is no other one.</summary>
    public string? SpelledThumbprint { get; init; }

    /// <summary><c>jti</c>.</summary>
    public required string Id { get; init; }

    /// <summary>When its time is over: as long it must be remembered that it was used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>nonce</c>; counts only where one is required.</summary>
    public string? Nonce { get; init; }

    /// <summary>Whether a token is bound to the key, in a time that does not tell how much of its <c>jkt</c> is right.</summary>
    public bool IsOfKey(string thumbprint) =>
        Base64UrlText.FixedTimeEquals(thumbprint, KeyThumbprint)
        || (SpelledThumbprint is not null && Base64UrlText.FixedTimeEquals(thumbprint, SpelledThumbprint));
}
