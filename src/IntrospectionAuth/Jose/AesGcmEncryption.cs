using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>AES in Galois/Counter Mode (RFC 7518, section 5.3).</summary>
internal sealed class AesGcmEncryption : ContentEncryption
{
    public override byte[]? Decrypt(ReadOnlySpan<byte> key, Jwe message)
    {
        byte[] plaintext = new byte[message.Ciphertext.Length];
        try
        {
            using var gcm = new AesGcm(key, TagLength);
            gcm.Decrypt(
                message.InitializationVector.Span,
                message.Ciphertext.Span,
                message.Tag.Span,
                plaintext,
                message.AdditionalData.Span
            );
            return plaintext;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
