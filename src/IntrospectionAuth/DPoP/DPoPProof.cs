using System.Text.Json;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.DPoP;

/// <summary>The parts of a DPoP proof (RFC 9449, section 4.2). They are untrusted until verified.</summary>
/// <remarks>It is a class and not a record, so that <c>ToString</c> never prints a proof.</remarks>
internal sealed class DPoPProof
{
    public required Jws Message { get; init; }

    /// <summary><c>jwk</c>: the public key of the signature, not imported yet.</summary>
    public required JsonElement Jwk { get; init; }

    /// <summary><c>jti</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>htm</c>.</summary>
    public required string Method { get; init; }

    /// <summary><c>htu</c>.</summary>
    public required string Url { get; init; }

    /// <summary><c>iat</c>, in seconds since 1970.</summary>
    public required double IssuedAt { get; init; }

    /// <summary><c>ath</c>: the hash of the access token, base64url-encoded.</summary>
    public required string TokenHash { get; init; }

    /// <summary><c>nonce</c>.</summary>
    public string? Nonce { get; init; }
}
