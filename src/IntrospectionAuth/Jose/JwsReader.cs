using System.Text;
using System.Text.Json;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Jose;

/// <summary>Parses a JWS in compact serialization (RFC 7515, section 5.2, steps 1 to 7) without verifying it.</summary>
internal static class JwsReader
{
    private const int MaximumDepth = 8;

    /// <returns>The message; null when it is malformed, or its header has an unsupported algorithm or extension.</returns>
    public static Jws? Read(string compact)
    {
        int first = compact.IndexOf('.', StringComparison.Ordinal);
        int second = first < 0 ? -1 : compact.IndexOf('.', first + 1);
        if (second < 0) // a third dot fails below, because it is no base64url character
            return null;

        if (
            Base64UrlText.Decode(compact.AsSpan(0, first)) is not { Length: > 0 } header
            || Base64UrlText.Decode(compact.AsSpan(first + 1, second - first - 1)) is not { } payload
            || Base64UrlText.Decode(compact.AsSpan(second + 1)) is not { Length: > 0 } signature
            || ReadHeader(header) is not { } read
        )
        {
            return null;
        }

        return new Jws
        {
            Header = read,
            Payload = payload,
            SigningInput = Encoding.ASCII.GetBytes(compact[..second]),
            Signature = signature,
        };
    }

    private static JwsHeader? ReadHeader(byte[] json)
    {
        try
        {
            using JsonDocument document = StrictJson.Parse(json, MaximumDepth);
            return ReadHeader(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // not JSON, a duplicate member, or text that is not Unicode
        }
    }

    private static JwsHeader? ReadHeader(JsonElement header)
    {
        if (header.ValueKind != JsonValueKind.Object)
            return null;

        // No critical extension is supported (RFC 7515, section 4.1.11). "b64" would change the signed bytes (RFC 7797).
        if (header.TryGetProperty("crit", out _) || header.TryGetProperty("b64", out _))
            return null;
        if (
            !TryGetText(header, "alg", out string? name)
            || !TryGetText(header, "typ", out string? type)
            || !TryGetText(header, "kid", out string? keyId)
            || JoseAlgorithm.Find(name) is not { } algorithm
        )
        {
            return null;
        }

        // A message that contains its private key or shared secret proves nothing.
        bool hasKey = header.TryGetProperty("jwk", out JsonElement jwk);
        if (hasKey && !JsonWebKeyReader.IsPublic(jwk))
            return null;

        return new JwsHeader
        {
            Algorithm = algorithm,
            Type = type,
            KeyId = keyId,
            Jwk = hasKey ? jwk.Clone() : null,
        };
    }

    /// <returns>Whether the member is text, or absent.</returns>
    private static bool TryGetText(JsonElement header, string name, out string? text)
    {
        text = null;
        if (!header.TryGetProperty(name, out JsonElement value))
            return true;
        if (value.ValueKind != JsonValueKind.String)
            return false;

        text = value.GetString();
        return true;
    }
}
