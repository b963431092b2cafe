using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth;

/// <summary>The key that signs the assertions of <see cref="ClientAuthenticationMethod.PrivateKeyJwt"/> (RFC 7523).</summary>
/// <remarks>
/// RSA keys of 2048 to 8192 bits sign by <c>RS256</c>, <c>RS384</c>, <c>RS512</c>, <c>PS256</c>, <c>PS384</c> or <c>PS512</c>, keys on the
/// curve P-256 by <c>ES256</c>, on P-384 by <c>ES384</c>, on P-521 by <c>ES512</c>. Concurrent calls sign in parallel. Neither
/// <c>ToString</c> nor an exception of these methods contains any part of a key.
/// </remarks>
public sealed class ClientSigningKey
{
    private readonly Func<JoseAlgorithm, ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> _sign;

    private ClientSigningKey(JoseKey key)
    {
        _sign = (algorithm, data, _) => ValueTask.FromResult(key.Sign(algorithm, data.Span));
        Algorithms = [.. key.Algorithms.Where(JoseAlgorithm.Asymmetric.Contains)];
        KeyId = key.KeyId;
    }

    private ClientSigningKey(JoseAlgorithm algorithm, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> sign)
    {
        _sign = (_, data, cancellationToken) => sign(data, cancellationToken);
        Algorithms = [algorithm];
    }

    /// <summary>The algorithms by which the key can sign, the usual one first.</summary>
    internal IReadOnlyList<JoseAlgorithm> Algorithms { get; }

    /// <summary>The <c>kid</c> in the key itself.</summary>
    internal string? KeyId { get; private init; }

    /// <summary>The SHA-256 thumbprint of the key's certificate, base64url-encoded.</summary>
    internal string? CertificateThumbprint { get; private init; }

    /// <summary>Reads a private key from PEM text.</summary>
    /// <param name="pem">One private key: PKCS #8, encrypted or not, PKCS #1 (RSA) or SEC 1 (EC). Certificates and text around it are
    /// ignored.</param>
    /// <param name="password">The password of an encrypted key; <see langword="null"/> when the key is not encrypted.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">There is no such key in the text, the password does not open it, or its type, size or curve is
    /// not supported.</exception>
    public static ClientSigningKey FromPem(string pem, string? password = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pem);
        return PemKeyReader.Read(pem, password, out string? fault) is { } key
            ? new(key)
            : throw new ArgumentException($"The key {fault}.", nameof(pem));
    }

    /// <summary>Reads a private key from a JSON Web Key (RFC 7517). Its <c>kid</c> is sent with the assertions.</summary>
    /// <param name="jwk">
    /// The JWK, of type <c>RSA</c> or <c>EC</c>, with its private members. An <c>alg</c> in it decides the algorithm.
    /// </param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">The text is no such JWK, or its type, size, curve or use is not supported.</exception>
    public static ClientSigningKey FromJwk(string jwk)
    {
        ArgumentException.ThrowIfNullOrEmpty(jwk);
        JoseKey? key = JsonWebKeyReader.Read(jwk, out string? fault);
        if (key is SymmetricJoseKey or { IsPrivate: false })
            fault = "is not private";
        return fault is null ? new(key!) : throw new ArgumentException($"The key {fault}.", nameof(jwk));
    }

    /// <summary>
    /// Uses the private key of a certificate. Its SHA-256 thumbprint is sent as <c>x5t#S256</c> (RFC 7515, section 4.1.8).
    /// </summary>
    /// <param name="certificate">
    /// A certificate with its private key, which may be in hardware. Do not dispose of it while it is in use.
    /// </param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">
    /// The certificate has no private key, or the key's type, size or curve is not supported.
    /// </exception>
    public static ClientSigningKey FromCertificate(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        JoseKey? key =
            certificate.GetRSAPrivateKey() is { } rsa ? RsaJoseKey.Create(rsa, isPrivate: true, copy: () => certificate.GetRSAPrivateKey()!)
            : certificate.GetECDsaPrivateKey() is { } ecdsa
                ? EcJoseKey.Create(ecdsa, isPrivate: true, copy: () => certificate.GetECDsaPrivateKey()!)
            : null;
        if (key is null)
        {
            throw new ArgumentException(
                "The certificate has no private key, or one whose type, size or curve is not supported.",
                nameof(certificate)
            );
        }

        return new(key) { CertificateThumbprint = Base64UrlText.Encode(certificate.GetCertHash(HashAlgorithmName.SHA256)) };
    }

    /// <summary>Uses a key that never leaves a vault or a hardware module.</summary>
    /// <param name="algorithm">
    /// The algorithm by which it signs: <c>RS256</c>, <c>RS384</c>, <c>RS512</c>, <c>PS256</c>, <c>PS384</c>, <c>PS512</c>, <c>ES256</c>,
    /// <c>ES384</c> or <c>ES512</c>.
    /// </param>
    /// <param name="sign">
    /// Signs the data, not a hash of it. For <c>ES256</c>, <c>ES384</c> and <c>ES512</c> the signature is 64, 96 or 132 bytes long, R and S
    /// one after the other (RFC 7518, section 3.4), and not DER. It runs for each call to the authorization server, within
    /// <see cref="OAuthIntrospectionOptions.Timeout"/>.
    /// </param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException"><paramref name="algorithm"/> is not one of them.</exception>
    public static ClientSigningKey FromSigner(string algorithm, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> sign)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(sign);
        return JoseAlgorithm.Find(algorithm) is { } known && JoseAlgorithm.Asymmetric.Contains(known)
            ? new(known, sign)
            : throw new ArgumentException($"The algorithm is not one of {AlgorithmNames}.", nameof(algorithm));
    }

    /// <summary>Reads a key from the content of a file. It must be able to sign by the algorithm, if one is named.</summary>
    internal static (ClientSigningKey? Key, string? Fault) Parse(byte[] content, string? password, string? algorithm)
    {
        if (PemKeyReader.Read(content, password, nameof(OAuthIntrospectionOptions.SigningKeyPassword), out string? fault) is not { } key)
            return (null, $"its content {fault}");
        if (string.IsNullOrEmpty(algorithm) || key.Algorithms.Any(it => it.Name == algorithm))
            return (new(key), null);

        return (
            null,
            $"the key cannot sign by SigningAlgorithm. It goes with {string.Join(", ", key.Algorithms.Select(static it => it.Name))}"
        );
    }

    internal static string AlgorithmNames => string.Join(", ", JoseAlgorithm.Asymmetric.Select(static algorithm => algorithm.Name));

    /// <returns>The algorithm of this name, or the usual one without a name; null when the key cannot sign by it.</returns>
    internal JoseAlgorithm? Choose(string? algorithm) =>
        string.IsNullOrEmpty(algorithm) ? Algorithms[0] : Algorithms.FirstOrDefault(it => it.Name == algorithm);

    /// <exception cref="InvalidOperationException">The delegate returned no signature of the right length.</exception>
    internal async ValueTask<byte[]> SignAsync(JoseAlgorithm algorithm, string signingInput, CancellationToken cancellationToken)
    {
        byte[]? signature = await _sign(algorithm, Encoding.ASCII.GetBytes(signingInput), cancellationToken);
        bool isPlausible =
            algorithm.SignatureLength == 0
                ? signature is { Length: >= RsaJoseKey.MinimumSize / 8 }
                : signature?.Length == algorithm.SignatureLength;
        return isPlausible
            ? signature!
            : throw new InvalidOperationException(
                $"The delegate of FromSigner returned no signature by {algorithm.Name}: its length is "
                    + $"{signature?.Length ?? 0} bytes. A signature of ECDSA is R and S one after the other, not DER."
            );
    }
}
