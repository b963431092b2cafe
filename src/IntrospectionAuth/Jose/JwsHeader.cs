using System.Text.Json;

namespace IntrospectionAuth.Jose;

/// <summary>The header of a JWS (RFC 7515, section 4), as far as this library understands it.</summary>
internal sealed class JwsHeader
{
    public required JoseAlgorithm Algorithm { get; init; }

    /// <summary><c>typ</c>, as it is written: media types compare without case, and <c>application/</c> may be left out (RFC 7515, section 4.1.9).</summary>
    public string? Type { get; init; }

    /// <summary><c>kid</c>.</summary>
    public string? KeyId { get; init; }

    /// <summary><c>x5t#S256</c>, base64url-encoded; written, not read.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>
    /// <c>jwk</c>: a key that comes with the message, without private members and not imported yet. Whoever trusts it must know why.
    /// </summary>
    public JsonElement? Jwk { get; init; }

    /// <summary>Whether <c>typ</c> is this media type.</summary>
    /// <param name="subtype">The subtype of <c>application/</c>.</param>
    public bool HasType(string subtype)
    {
        ReadOnlySpan<char> type = Type;
        if (type.StartsWith("application/", StringComparison.OrdinalIgnoreCase))
            type = type["application/".Length..];
        return type.Equals(subtype, StringComparison.OrdinalIgnoreCase);
    }
}
