using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Jose;

/// <summary>
/// A signature key of a supported type and size. It is a class and not a record, so that <c>ToString</c> never prints the key.
/// </summary>
internal abstract class JoseKey : IDisposable
{
    /// <summary>The <c>kid</c> (RFC 7517, section 4.5).</summary>
    public string? KeyId { get; init; }

    /// <summary>
    /// The only algorithm that the key may be used with (<c>alg</c>: RFC 7517, section 4.4); null when it is not restricted.
    /// </summary>
    public JoseAlgorithm? OnlyAlgorithm { get; init; }

    /// <summary>Whether the key can sign.</summary>
    public abstract bool IsPrivate { get; }

    /// <summary>The algorithms of the key, the most common first.</summary>
    public IReadOnlyList<JoseAlgorithm> Algorithms => OnlyAlgorithm is null ? Fitting : [OnlyAlgorithm];

    /// <summary>The JWK thumbprint by SHA-256 (RFC 7638), base64url-encoded.</summary>
    public string Thumbprint => HashMembers(RequiredMembers);

    /// <summary>
    /// The thumbprint of the JWK with the leading zeros that its numbers had; null when it equals <see cref="Thumbprint"/>.
    /// </summary>
    public string? UnnormalizedThumbprint { get; init; }

    /// <summary>The algorithms that the key's type and size allow.</summary>
    protected abstract IReadOnlyList<JoseAlgorithm> Fitting { get; }

    /// <summary>The JSON that is hashed: the required members in lexicographic order (RFC 7638, section 3.2).</summary>
    protected abstract string RequiredMembers { get; }

    public static string HashMembers(string requiredMembers) =>
        Base64UrlText.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(requiredMembers)));

    public bool Supports(JoseAlgorithm algorithm) => Algorithms.Contains(algorithm) && Fitting.Contains(algorithm);

    /// <exception cref="CryptographicException">The key cannot sign with this algorithm.</exception>
    public byte[] Sign(JoseAlgorithm algorithm, ReadOnlySpan<byte> data) =>
        IsPrivate && Supports(algorithm)
            ? SignCore(algorithm, data)
            : throw new CryptographicException($"The key cannot sign with {algorithm.Name}.");

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

    /// <summary>Releases the platform's handles. A key that is read from a request must be disposed of with it.</summary>
    public abstract void Dispose();

    protected abstract byte[] SignCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data);

    protected abstract bool VerifyCore(JoseAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
