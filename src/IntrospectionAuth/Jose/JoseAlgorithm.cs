using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>A signature algorithm (RFC 7518, section 3). These are all there are: <c>none</c> is not among them, and cannot be asked for.</summary>
internal sealed class JoseAlgorithm
{
    private JoseAlgorithm(string name, HashAlgorithmName hash, int hashLength)
    {
        Name = name;
        Hash = hash;
        HashLength = hashLength;
    }

    public static JoseAlgorithm RS256 { get; } = new("RS256", HashAlgorithmName.SHA256, 32) { Padding = RSASignaturePadding.Pkcs1 };

    public static JoseAlgorithm PS256 { get; } = new("PS256", HashAlgorithmName.SHA256, 32) { Padding = RSASignaturePadding.Pss };

    public static JoseAlgorithm ES256 { get; } = new("ES256", HashAlgorithmName.SHA256, 32) { SignatureLength = 64 };

    public static JoseAlgorithm ES384 { get; } = new("ES384", HashAlgorithmName.SHA384, 48) { SignatureLength = 96 };

    public static JoseAlgorithm HS256 { get; } = new("HS256", HashAlgorithmName.SHA256, 32) { SignatureLength = 32 };

    public static JoseAlgorithm HS384 { get; } = new("HS384", HashAlgorithmName.SHA384, 48) { SignatureLength = 48 };

    public static JoseAlgorithm HS512 { get; } = new("HS512", HashAlgorithmName.SHA512, 64) { SignatureLength = 64 };

    /// <summary>The algorithms whose verifier cannot sign.</summary>
    public static IReadOnlyList<JoseAlgorithm> Asymmetric { get; } = [RS256, PS256, ES256, ES384];

    /// <summary>The algorithms with a shared secret.</summary>
    public static IReadOnlyList<JoseAlgorithm> Symmetric { get; } = [HS256, HS384, HS512];

    public string Name { get; }

    public HashAlgorithmName Hash { get; }

    /// <summary>In bytes; a shared secret must have as many (RFC 7518, section 3.2).</summary>
    public int HashLength { get; }

    /// <summary>The padding of an RSA signature; null for the others.</summary>
    public RSASignaturePadding? Padding { get; private init; }

    /// <summary>The length of a signature in bytes; 0 where the key decides.</summary>
    public int SignatureLength { get; private init; }

    /// <returns>The algorithm of exactly this name, or null.</returns>
    public static JoseAlgorithm? Find(string? name) => Asymmetric.Concat(Symmetric).FirstOrDefault(algorithm => algorithm.Name == name);
}
