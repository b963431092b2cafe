using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>
/// An algorithm that encrypts the content encryption key of a JWE for an RSA key (RFC 7518, section 4.3). PKCS #1 v1.5 is not among them:
/// its padding is an oracle waiting for an attacker.
/// </summary>
internal sealed class KeyEncryption
{
    private KeyEncryption(string name, RSAEncryptionPadding padding)
    {
        Name = name;
        Padding = padding;
    }

    /// <summary>All algorithms that are supported.</summary>
    /// <remarks>SHA-1 in OAEP needs no resistance to collisions; it is what RFC 7518 recommends, and what many servers use.</remarks>
    public static IReadOnlyList<KeyEncryption> All { get; } =
    [new("RSA-OAEP", RSAEncryptionPadding.OaepSHA1), new("RSA-OAEP-256", RSAEncryptionPadding.OaepSHA256)];

    /// <summary>The value of <c>alg</c>.</summary>
    public string Name { get; }

    public RSAEncryptionPadding Padding { get; }

    /// <returns>The algorithm of exactly this name, or null.</returns>
    public static KeyEncryption? Find(string? name) => All.FirstOrDefault(algorithm => algorithm.Name == name);
}
