using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Fuzzing.Targets;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>A signed message in compact serialization (RFC 7515, section 3.1), read a second time.</summary>
internal sealed class PlainJws
{
    private const int MaximumDepth = 8;

    private static readonly string[] s_algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private PlainJws(PlainValue header, byte[] payload, byte[] signedBytes, byte[] signature) =>
        (Header, Payload, SignedBytes, Signature) = (header, payload, signedBytes, signature);

    public PlainValue Header { get; }

    public byte[] Payload { get; }

    private byte[] SignedBytes { get; }

    private byte[] Signature { get; }

    public string Algorithm => Header.GetText("alg")!;

    /// <returns>The message; null when it is malformed, or signed by an algorithm with a shared secret or none.</returns>
    public static PlainJws? Read(string compact)
    {
        string[] parts = compact.Split('.');
        if (parts.Length != 3 || parts[0].Length == 0 || parts[2].Length == 0)
            return null;
        if (PlainBase64.Decode(parts[0]) is not { } header || PlainBase64.Decode(parts[1]) is not { } payload)
            return null;
        if (PlainBase64.Decode(parts[2]) is not { } signature)
            return null;
        if (PlainJson.Parse(header, MaximumDepth) is not { Kind: PlainKind.Object, HasMemberTwiceAnywhere: false } root)
            return null;

        // No critical extension is supported, nor one that changes what is signed (RFC 7797).
        bool isExtended = root.Get("crit") is not null || root.Get("b64") is not null;
        bool hasText = ((string[])["alg", "typ", "kid"]).All(name => root.Get(name) is null || root.GetText(name) is not null);
        bool hasPrivateKey = root.Get("jwk") is { } jwk && !PlainKey.IsPublic(jwk);
        return !isExtended && hasText && !hasPrivateKey && s_algorithms.Contains(root.GetText("alg"))
            ? new(root, payload, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature)
            : null;
    }

    /// <summary>RFC 7515, section 4.1.9: without regard to case, with or without <c>application/</c>.</summary>
    public bool HasType(string type) =>
        new[] { type, "application/" + type }.Contains(Header.GetText("typ"), StringComparer.OrdinalIgnoreCase);

    /// <param name="key">The key.</param>
    /// <param name="isSigned">Whether the key of the targets has signed the message with ES256; null when that is not known.</param>
    public bool IsSignedBy(PlainKey key, bool? isSigned)
    {
        string? id = Header.GetText("kid");
        if (!key.Algorithms.Contains(Algorithm) || (id is not null && key.Id is not null && id != key.Id))
            return false;
        if (isSigned is { } known)
            return known && Algorithm == "ES256" && key.Thumbprint == JoseInput.PlainKey.Thumbprint;

        HashAlgorithmName hash = Algorithm[2..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };
        try
        {
            return key.Curve is null ? IsSignedByRsa(key, hash) : IsSignedByEc(key, hash);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private bool IsSignedByRsa(PlainKey key, HashAlgorithmName hash)
    {
        using var rsa = RSA.Create(new RSAParameters { Modulus = key.Modulus, Exponent = key.Exponent });
        RSASignaturePadding padding = Algorithm.StartsWith('P') ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return rsa.VerifyData(SignedBytes, Signature, hash, padding);
    }

    private bool IsSignedByEc(PlainKey key, HashAlgorithmName hash)
    {
        ECCurve curve = key.Curve switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        };
        using var ecdsa = ECDsa.Create(
            new ECParameters
            {
                Curve = curve,
                Q = new ECPoint { X = key.X, Y = key.Y },
            }
        );
        return ecdsa.VerifyData(SignedBytes, Signature, hash); // r and s, each as long as a coordinate
    }
}
