using IntrospectionAuth.Jose;

namespace IntrospectionAuth.DPoP;

/// <summary>
/// A verified proof: the sender of the request holds this key. Whether the token is bound to the key is checked after introspection.
/// </summary>
internal sealed class VerifiedProof
{
    /// <summary>The JWK thumbprint of the key (RFC 7638), base64url-encoded; the token's <c>jkt</c> must equal it.</summary>
    public required string KeyThumbprint { get; init; }

    /// <summary>The thumbprint with the leading zeros that the key's numbers had; null when it is the same.</summary>
    public string? UnnormalizedThumbprint { get; init; }

    /// <summary><c>jti</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>iat</c>.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When the proof expires; until then its use must be stored.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>nonce</c>, which is checked only where one is required.</summary>
    public string? Nonce { get; init; }

    /// <summary>Whether a thumbprint is that of the key, compared in constant time.</summary>
    public bool IsOfKey(string thumbprint) =>
        Base64UrlText.FixedTimeEquals(thumbprint, KeyThumbprint)
        || (UnnormalizedThumbprint is not null && Base64UrlText.FixedTimeEquals(thumbprint, UnnormalizedThumbprint));
}
