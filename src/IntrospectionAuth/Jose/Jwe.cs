using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>A message encrypted by RSA-OAEP-256 and A256GCM, in compact serialization (RFC 7516, section 3.1), taken apart. It proves nothing about its sender.</summary>
internal sealed class Jwe
{
    /// <summary>The length of a content encryption key of A256GCM, in bytes.</summary>
    public const int KeyLength = 32;

    /// <summary>The length of an initialization vector of A256GCM, in bytes (RFC 7518, section 5.3).</summary>
    public const int VectorLength = 12;

    /// <summary>The length of a tag of A256GCM, in bytes.</summary>
    public const int TagLength = 16;

    /// <summary><c>cty</c>: what the plaintext is.</summary>
    public string? ContentType { get; init; }

    public required ReadOnlyMemory<byte> EncryptedKey { get; init; }

    public required ReadOnlyMemory<byte> InitializationVector { get; init; }

    public required ReadOnlyMemory<byte> Ciphertext { get; init; }

    public required ReadOnlyMemory<byte> Tag { get; init; }

    /// <summary>The first part as it was received, ASCII: it is authenticated with the plaintext.</summary>
    public required ReadOnlyMemory<byte> AdditionalData { get; init; }

    /// <summary>Decrypts the message.</summary>
    /// <returns>The plaintext; null when the key is another one, or anything was changed: which of them, nobody learns (RFC 7516, section 11.5).</returns>
    public byte[]? Decrypt(RsaJoseKey key)
    {
        // A key that cannot be unwrapped is replaced by a random one, so that all faults take the same way.
        byte[] contentKey = RandomNumberGenerator.GetBytes(KeyLength);
        if (key.Decrypt(EncryptedKey.Span) is { Length: KeyLength } unwrapped)
            contentKey = unwrapped;
        try
        {
            return Decrypt(contentKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
        }
    }

    /// <summary>Decrypts the content (RFC 7518, section 5.3).</summary>
    /// <returns>The plaintext; null when the tag is not that of the key and the message.</returns>
    public byte[]? Decrypt(ReadOnlySpan<byte> contentKey)
    {
        byte[] plaintext = new byte[Ciphertext.Length];
        try
        {
            using var gcm = new AesGcm(contentKey, TagLength);
            gcm.Decrypt(InitializationVector.Span, Ciphertext.Span, Tag.Span, plaintext, AdditionalData.Span);
            return plaintext;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
