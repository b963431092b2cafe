using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Jose;

/// <summary>Parses a JWE in compact serialization (RFC 7516, section 5.2, steps 1 to 4) without decrypting it.</summary>
internal static class JweReader
{
    private const int Parts = 5;

    private const int MaximumDepth = 8;

    /// <returns>Whether the text has the five parts of a JWE; a JWS has three.</returns>
    public static bool IsJwe(ReadOnlySpan<char> compact) => compact.Count('.') == Parts - 1;

    /// <returns>The message; null when it is malformed, or its header has an unsupported algorithm or extension.</returns>
    public static Jwe? Read(string compact)
    {
        string[] parts = compact.Split('.');
        if (
            parts.Length != Parts
            || Base64UrlText.Decode(parts[0]) is not { Length: > 0 } header
            || !TryReadHeader(header, out KeyEncryption? keyEncryption, out ContentEncryption? contentEncryption, out string? contentType)
        )
        {
            return null;
        }

        if (
            Base64UrlText.Decode(parts[1]) is not { Length: > 0 } encryptedKey
            || Base64UrlText.Decode(parts[2]) is not { } vector
            || vector.Length != contentEncryption.VectorLength
            || Base64UrlText.Decode(parts[3]) is not { Length: > 0 } ciphertext
            || Base64UrlText.Decode(parts[4]) is not { } tag
            || tag.Length != contentEncryption.TagLength
        )
        {
            return null;
        }

        return new Jwe
        {
            KeyEncryption = keyEncryption,
            ContentEncryption = contentEncryption,
            ContentType = contentType,
            EncryptedKey = encryptedKey,
            InitializationVector = vector,
            Ciphertext = ciphertext,
            Tag = tag,
            AdditionalData = Encoding.ASCII.GetBytes(parts[0]),
        };
    }

    private static bool TryReadHeader(
        byte[] json,
        [NotNullWhen(true)] out KeyEncryption? keyEncryption,
        [NotNullWhen(true)] out ContentEncryption? contentEncryption,
        out string? contentType
    )
    {
        (keyEncryption, contentEncryption, contentType) = (null, null, null);
        try
        {
            using JsonDocument document = StrictJson.Parse(json, MaximumDepth);
            JsonElement header = document.RootElement;
            if (header.ValueKind != JsonValueKind.Object)
                return false;

            // No critical extension is supported (RFC 7516, section 4.1.13). Compressed plaintext could have any size (section 4.1.3).
            if (header.TryGetProperty("crit", out _) || header.TryGetProperty("zip", out _))
                return false;

            keyEncryption = KeyEncryption.Find(header.ReadString("alg"));
            contentEncryption = ContentEncryption.Find(header.ReadString("enc"));
            contentType = header.ReadString("cty");
            return keyEncryption is not null && contentEncryption is not null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false; // not JSON, a duplicate member, or text that is not Unicode
        }
    }
}
