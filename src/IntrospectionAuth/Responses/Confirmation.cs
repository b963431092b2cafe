namespace IntrospectionAuth.Responses;

/// <summary>
/// What a token is bound to (<c>cnf</c>: RFC 7800, section 3.1). Without a proof of every binding the token is rejected.
/// </summary>
internal sealed class Confirmation
{
    /// <summary>A binding that this library cannot verify.</summary>
    public static Confirmation NotUnderstood { get; } = new();

    /// <summary><c>jkt</c>: the SHA-256 thumbprint of the key that signs DPoP proofs (RFC 9449, section 6), base64url-encoded.</summary>
    public string? JwkThumbprint { get; init; }

    /// <summary><c>x5t#S256</c>: the SHA-256 thumbprint of the client's certificate (RFC 8705, section 3.1), base64url-encoded.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>Whether every binding can be verified.</summary>
    public bool IsUnderstood => JwkThumbprint is not null || CertificateThumbprint is not null;
}
