using System.Text.Json;

namespace IntrospectionAuth.Jose;

/// <summary>The supported members of a JWS header (RFC 7515, section 4).</summary>
internal sealed class JwsHeader
{
    public required JoseAlgorithm Algorithm { get; init; }

    /// <summary><c>typ</c> as it was received. Compare it with <see cref="HasType"/>.</summary>
    public string? Type { get; init; }

    /// <summary><c>kid</c>.</summary>
    public string? KeyId { get; init; }

    /// <summary><c>x5t#S256</c>, base64url-encoded; written, not read.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>
    /// <c>jwk</c>: the public key that the message contains, not imported yet. A valid signature with it does not make the message trusted.
    /// </summary>
    public JsonElement? Jwk { get; init; }

    /// <summary>
    /// Whether <c>typ</c> is this media type, without regard to case, with or without <c>application/</c> (RFC 7515, section 4.1.9).
    /// </summary>
    public bool HasType(string subtype)
    {
        ReadOnlySpan<char> type = Type;
        if (type.StartsWith("application/", StringComparison.OrdinalIgnoreCase))
            type = type["application/".Length..];
        return type.Equals(subtype, StringComparison.OrdinalIgnoreCase);
    }
}
