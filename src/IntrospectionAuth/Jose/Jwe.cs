using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>
/// The parts of a message in compact serialization (RFC 7516, section 3.1), encrypted for an RSA key. Anyone can encrypt for a public key,
/// so a JWE says nothing about its sender.
/// </summary>
internal sealed class Jwe
{
    /// <summary><c>alg</c>: the encryption of the content encryption key.</summary>
    public required KeyEncryption KeyEncryption { get; init; }

    /// <summary><c>enc</c>: the encryption of the content.</summary>
    public required ContentEncryption ContentEncryption { get; init; }

    /// <summary><c>cty</c>: the type of the plaintext.</summary>
    public string? ContentType { get; init; }

    public required ReadOnlyMemory<byte> EncryptedKey { get; init; }

    public required ReadOnlyMemory<byte> InitializationVector { get; init; }

    public required ReadOnlyMemory<byte> Ciphertext { get; init; }

    public required ReadOnlyMemory<byte> Tag { get; init; }

    /// <summary>The first part as it was received, in ASCII. The tag also authenticates it.</summary>
    public required ReadOnlyMemory<byte> AdditionalData { get; init; }

    /// <summary>Decrypts the message.</summary>
    /// <returns>
    /// The plaintext; null for a wrong key or a changed message, without a difference between the two (RFC 7516, section 11.5).
    /// </returns>
    public byte[]? Decrypt(RsaJoseKey key)
    {
        // A key that cannot be decrypted or has the wrong length is replaced by a random one, so that all faults take the same path.
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
