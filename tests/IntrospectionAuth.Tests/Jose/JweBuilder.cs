using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Encrypts as an authorization server does, or as one that does it wrong.</summary>
internal static class JweBuilder
{
    public const string Header = """{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"JWT"}""";

    public static string Encrypt(string plaintext, RSA key, string header = Header, RSAEncryptionPadding? padding = null, int tagLength = 16, int keyLength = 32)
    {
        byte[] contentKey = RandomNumberGenerator.GetBytes(keyLength), vector = RandomNumberGenerator.GetBytes(12), tag = new byte[tagLength];
        byte[] text = Encoding.UTF8.GetBytes(plaintext), ciphertext = new byte[text.Length];
        string encodedHeader = Base64UrlText.Encode(header);
        using var gcm = new AesGcm(contentKey, tagLength);
        gcm.Encrypt(vector, text, ciphertext, tag, Encoding.ASCII.GetBytes(encodedHeader));
        return $"{encodedHeader}.{Base64UrlText.Encode(key.Encrypt(contentKey, padding ?? RSAEncryptionPadding.OaepSHA256))}.{Base64UrlText.Encode(vector)}.{Base64UrlText.Encode(ciphertext)}.{Base64UrlText.Encode(tag)}";
    }
}
