using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>Decrypts what the nodes of a fleet write, by what the documentation says about it.</summary>
internal static class PlainBox
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] Secret { get; } = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    /// <summary>The key with this purpose that is derived from the secret.</summary>
    public static byte[] KeyOf(string purpose) => Derive(Secret, [], "IntrospectionAuth 1 " + purpose);

    /// <summary>The key of a token's entry.</summary>
    public static byte[] KeyOfEntry(string token) => Derive(Encoding.UTF8.GetBytes(token), KeyOf("entry"), "entry");

    /// <returns>The plaintext; null when it was not encrypted with this key under this name (PROTOCOL X18).</returns>
    public static byte[]? Open(byte[] box, byte[] key, string name)
    {
        int length = box.Length - 1 - NonceLength - TagLength;
        if (length < 0 || box[0] != 1)
            return null;

        byte[] plaintext = new byte[length];
        byte[] named = [1, .. Encoding.ASCII.GetBytes(name)];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(box[1..(1 + NonceLength)], box[(1 + NonceLength)..^TagLength], box[^TagLength..], plaintext, named);
            return plaintext;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] Derive(byte[] from, byte[] salt, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, from, 32, salt, Encoding.ASCII.GetBytes(purpose));
}
