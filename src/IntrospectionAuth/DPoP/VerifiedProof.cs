namespace IntrospectionAuth.DPoP;

/// <summary>What a verified proof has proved: that its sender had this key, for this request and this token. Nothing is said yet about whether the token is bound to it.</summary>
internal sealed class VerifiedProof
{
    /// <summary>The JWK thumbprint of the key (RFC 7638), base64url-encoded: what a token's <c>jkt</c> must be.</summary>
    public required string KeyThumbprint { get; init; }

    /// <summary><c>jti</c>.</summary>
    public required string Id { get; init; }

    /// <summary>When its time is over: as long it must be remembered that it was used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>nonce</c>; counts only where one is required.</summary>
    public string? Nonce { get; init; }
}
