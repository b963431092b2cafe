using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>
/// AES in Cipher Block Chaining mode, authenticated by HMAC (RFC 7518, section 5.2). Nothing is decrypted before the tag is verified, so
/// there is no padding oracle.
/// </summary>
internal sealed class AesCbcHmacEncryption(HashAlgorithmName hash) : ContentEncryption
{
    private const int BlockLength = 16;

    public override byte[]? Decrypt(ReadOnlySpan<byte> key, Jwe message)
    {
        // 1. The first half of the key authenticates, the second half encrypts.
        int half = KeyLength / 2;

        // 2. The tag covers everything that was received.
        if (!HasValidTag(key[..half], message))
            return null;

        // 3. and 4. Only the holder of the key can send invalid padding with a valid tag. The result is the same as for any other fault.
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
    /// The HMAC over the additional data, the vector, the ciphertext and the length of the additional data in bits (section 5.2.2.1),
    /// truncated to the length of the tag. It is compared in constant time.
    /// </summary>
    private bool HasValidTag(ReadOnlySpan<byte> key, Jwe message)
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
