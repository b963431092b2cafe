using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Builds encrypted messages, correct and incorrect ones.</summary>
internal static class JweBuilder
{
    public const string Header = """{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"JWT"}""";

    public static string Encrypt(
        string plaintext,
        RSA key,
        string header = Header,
        RSAEncryptionPadding? padding = null,
        int tagLength = 16,
        int keyLength = 32
    )
    {
        byte[] contentKey = RandomNumberGenerator.GetBytes(keyLength),
            vector = RandomNumberGenerator.GetBytes(12),
            tag = new byte[tagLength];
        byte[] text = Encoding.UTF8.GetBytes(plaintext),
            ciphertext = new byte[text.Length];
        string encodedHeader = Base64UrlText.Encode(header);
        using var gcm = new AesGcm(contentKey, tagLength);
        gcm.Encrypt(vector, text, ciphertext, tag, Encoding.ASCII.GetBytes(encodedHeader));
        return Join(encodedHeader, key.Encrypt(contentKey, padding ?? RSAEncryptionPadding.OaepSHA256), vector, ciphertext, tag);
    }

    /// <summary>Encrypts with the algorithms that the header names.</summary>
    public static string EncryptBy(string alg, string enc, string plaintext, RSA key)
    {
        string header = $$"""{"alg":"{{alg}}","enc":"{{enc}}","cty":"JWT"}""";
        RSAEncryptionPadding padding = alg == "RSA-OAEP" ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256;
        return enc.EndsWith("GCM", StringComparison.Ordinal)
            ? Encrypt(plaintext, key, header, padding, keyLength: Bits(enc) / 8)
            : EncryptCbc(
                Encoding.UTF8.GetBytes(plaintext),
                key,
                header,
                padding,
                RandomNumberGenerator.GetBytes(Bits(enc) / 4),
                PaddingMode.PKCS7
            );
    }

    /// <summary>Encrypts in CBC mode with any padding, and authenticates the ciphertext.</summary>
    public static string EncryptCbc(
        byte[] text,
        RSA key,
        string header,
        RSAEncryptionPadding padding,
        byte[] contentKey,
        PaddingMode paddingMode
    )
    {
        byte[] vector = RandomNumberGenerator.GetBytes(16);
        string encodedHeader = Base64UrlText.Encode(header);
        using var aes = Aes.Create();
        aes.Key = contentKey[(contentKey.Length / 2)..];
        byte[] ciphertext = aes.EncryptCbc(text, vector, paddingMode);
        byte[] tag = CreateTag(contentKey[..(contentKey.Length / 2)], encodedHeader, vector, ciphertext);
        return Join(encodedHeader, key.Encrypt(contentKey, padding), vector, ciphertext, tag);
    }

    /// <summary>RFC 7518, section 5.2.2.1, step 5.</summary>
    public static byte[] CreateTag(byte[] macKey, string encodedHeader, byte[] vector, byte[] ciphertext)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, encodedHeader.Length * 8L);
        byte[] data = [.. Encoding.ASCII.GetBytes(encodedHeader), .. vector, .. ciphertext, .. length];
        byte[] hash = macKey.Length switch
        {
            16 => HMACSHA256.HashData(macKey, data),
            24 => HMACSHA384.HashData(macKey, data),
            _ => HMACSHA512.HashData(macKey, data),
        };
        return hash[..macKey.Length];
    }

    public static string Join(string encodedHeader, byte[] encryptedKey, byte[] vector, byte[] ciphertext, byte[] tag) =>
        $"{encodedHeader}.{Base64UrlText.Encode(encryptedKey)}.{Base64UrlText.Encode(vector)}.{Base64UrlText.Encode(ciphertext)}.{Base64UrlText.Encode(tag)}";

    private static int Bits(string enc) => int.Parse(enc.AsSpan(1, 3), System.Globalization.CultureInfo.InvariantCulture);
}
