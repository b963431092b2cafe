using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>
/// A message encrypted for an RSA key, in compact serialization (RFC 7516, section 3.1), taken apart. It proves nothing about its sender.
/// </summary>
internal sealed class Jwe
{
    /// <summary><c>alg</c>: how the content encryption key is encrypted.</summary>
    public required KeyEncryption KeyEncryption { get; init; }

    /// <summary><c>enc</c>: how the content is encrypted.</summary>
    public required ContentEncryption ContentEncryption { get; init; }

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
        // A key that cannot be unwrapped, or has another length, is replaced by a random one, so that all faults take the same way.
        byte[] contentKey = RandomNumberGenerator.GetBytes(ContentEncryption.KeyLength);
        if (key.Decrypt(EncryptedKey.Span, KeyEncryption.Padding) is { } unwrapped)
        {
            if (unwrapped.Length == contentKey.Length)
                unwrapped.CopyTo(contentKey, 0);
            CryptographicOperations.ZeroMemory(unwrapped);
        }

        try
        {
            return ContentEncryption.Decrypt(contentKey, this);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
        }
    }
}
