using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>
/// An algorithm that encrypts the content encryption key of a JWE for an RSA key (RFC 7518, section 4.3). PKCS #1 v1.5 is not supported,
/// because its padding invites oracle attacks.
/// </summary>
internal sealed class KeyEncryption
{
    private KeyEncryption(string name, RSAEncryptionPadding padding)
    {
        Name = name;
        Padding = padding;
    }

    /// <summary>All supported algorithms.</summary>
    /// <remarks>OAEP does not depend on the collision resistance of SHA-1. RFC 7518 recommends RSA-OAEP, and many servers use it.</remarks>
    public static IReadOnlyList<KeyEncryption> All { get; } =
    [new("RSA-OAEP", RSAEncryptionPadding.OaepSHA1), new("RSA-OAEP-256", RSAEncryptionPadding.OaepSHA256)];

    /// <summary>The value of <c>alg</c>.</summary>
    public string Name { get; }

    public RSAEncryptionPadding Padding { get; }

    /// <returns>The algorithm with exactly this name, or null.</returns>
    public static KeyEncryption? Find(string? name) => All.FirstOrDefault(algorithm => algorithm.Name == name);
}
