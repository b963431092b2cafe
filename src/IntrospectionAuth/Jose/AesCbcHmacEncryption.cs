using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>
/// AES in Cipher Block Chaining mode, authenticated by HMAC (RFC 7518, section 5.2). Nothing is decrypted unless the tag is right, so no
/// padding ever tells anything.
/// </summary>
/// <param name="hash">The hash function of the HMAC.</param>
internal sealed class AesCbcHmacEncryption(HashAlgorithmName hash) : ContentEncryption
{
    private const int BlockLength = 16;

    public override byte[]? Decrypt(ReadOnlySpan<byte> key, Jwe message)
    {
        // 1. The first half of the key authenticates, the second one encrypts.
        int half = KeyLength / 2;

        // 2. In a time that does not tell where the tags differ, and over everything that was received.
        if (!HasRightTag(key[..half], message))
            return null;

        // 3. and 4. A faulty padding behind a right tag is the fault of who has the key: it ends like all others.
        if (message.Ciphertext.Length % BlockLength != 0)
            return null;
        try
        {
            using var aes = Aes.Create();
            aes.SetKey(key[half..]);
            return aes.DecryptCbc(message.Ciphertext.Span, message.InitializationVector.Span);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>
    /// The HMAC over the additional data, the vector, the ciphertext and the length of the additional data in bits (section 5.2.2.1), cut
    /// to the length of the tag.
    /// </summary>
    private bool HasRightTag(ReadOnlySpan<byte> key, Jwe message)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(length, 8L * message.AdditionalData.Length);

        using var hmac = IncrementalHash.CreateHMAC(hash, key);
        hmac.AppendData(message.AdditionalData.Span);
        hmac.AppendData(message.InitializationVector.Span);
        hmac.AppendData(message.Ciphertext.Span);
        hmac.AppendData(length);
        Span<byte> expected = stackalloc byte[hmac.HashLengthInBytes];
        hmac.GetHashAndReset(expected);
        return CryptographicOperations.FixedTimeEquals(expected[..TagLength], message.Tag.Span); // also compares the lengths
    }
}
