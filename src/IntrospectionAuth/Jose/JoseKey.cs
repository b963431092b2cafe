using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Jose;

/// <summary>A key for signatures, of a type and size that the algorithms allow. It is a class without a <c>ToString</c> of its own: none may print a key.</summary>
internal abstract class JoseKey : IDisposable
{
    /// <summary>The <c>kid</c> (RFC 7517, section 4.5).</summary>
    public string? KeyId { get; init; }

    /// <summary>The only algorithm that the key is meant for (<c>alg</c>: RFC 7517, section 4.4); null when it does not say.</summary>
    public JoseAlgorithm? OnlyAlgorithm { get; init; }

    /// <summary>Whether the key can sign.</summary>
    public abstract bool IsPrivate { get; }

    /// <summary>The algorithms that go with the key, the usual one first.</summary>
    public IReadOnlyList<JoseAlgorithm> Algorithms => OnlyAlgorithm is null ? Fitting : [OnlyAlgorithm];

    /// <summary>The JWK thumbprint by SHA-256 (RFC 7638), base64url-encoded.</summary>
    public string Thumbprint => HashMembers(RequiredMembers);

    /// <summary>
    /// The thumbprint of the JWK as its members were spelled, with zeros in front of a number; null when that is no other one.
    /// </summary>
    public string? SpelledThumbprint { get; init; }

    /// <summary>The algorithms that the key's type and size allow.</summary>
    protected abstract IReadOnlyList<JoseAlgorithm> Fitting { get; }

    /// <summary>The JSON that is hashed: the required members in lexicographic order (RFC 7638, section 3.2).</summary>
    protected abstract string RequiredMembers { get; }

    public static string HashMembers(string requiredMembers) =>
        Base64UrlText.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(requiredMembers)));

    public bool Supports(JoseAlgorithm algorithm) => Algorithms.Contains(algorithm) && Fitting.Contains(algorithm);

    /// <exception cref="CryptographicException">The key cannot sign, or not by this algorithm.</exception>
    public byte[] Sign(JoseAlgorithm algorithm, ReadOnlySpan<byte> data) =>
        IsPrivate && Supports(algorithm)
            ? SignCore(algorithm, data)
            : throw new CryptographicException($"The key cannot sign by {algorithm.Name}.");

    public bool Verify(JoseAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (!Supports(algorithm) || (algorithm.SignatureLength != 0 && signature.Length != algorithm.SignatureLength))
            return false;

        try
        {
            return VerifyCore(algorithm, data, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>For keys that come with a request: a platform's handle each.</summary>
    public abstract void Dispose();

    protected abstract byte[] SignCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data);

    protected abstract bool VerifyCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
