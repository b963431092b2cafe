using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth;

/// <summary>The key that decrypts the responses of the authorization server (RFC 9701, section 5).</summary>
/// <remarks>
/// An RSA key of 2048 to 8192 bits, for <c>RSA-OAEP</c> and <c>RSA-OAEP-256</c>. Neither <c>ToString</c> nor an exception of these methods
/// contains any part of a key.
/// </remarks>
public sealed class ClientDecryptionKey
{
    private ClientDecryptionKey(RsaJoseKey key) => Key = key;

    internal RsaJoseKey Key { get; }

    /// <summary>Reads a private key from PEM text.</summary>
    /// <param name="pem">One private RSA key: PKCS #8, encrypted or not, or PKCS #1. Certificates and text around it are ignored.</param>
    /// <param name="password">The password of an encrypted key; <see langword="null"/> when the key is not encrypted.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">There is no such key in the text, the password does not open it, or its size is not
    /// supported.</exception>
    public static ClientDecryptionKey FromPem(string pem, string? password = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pem);
        return PemKeyReader.Read(pem, password, out string? fault) switch
        {
            RsaJoseKey rsa => new(rsa),
            null => throw new ArgumentException($"The key {fault}.", nameof(pem)),
            _ => throw new ArgumentException("The key is not an RSA key.", nameof(pem)),
        };
    }

    /// <summary>Uses the private key of a certificate.</summary>
    /// <param name="certificate">
    /// A certificate with its private RSA key, which may be in hardware. Do not dispose of it while it is in use.
    /// </param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">The certificate has no private RSA key, or one whose size is not supported.</exception>
    public static ClientDecryptionKey FromCertificate(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return
            certificate.GetRSAPrivateKey() is { } rsa
            && RsaJoseKey.Create(rsa, isPrivate: true, copy: () => certificate.GetRSAPrivateKey()!) is { } key
            ? new(key)
            : throw new ArgumentException(
                "The certificate has no private RSA key, or one whose size is not supported.",
                nameof(certificate)
            );
    }

    /// <summary>Reads a key from a file's content.</summary>
    internal static (ClientDecryptionKey? Key, string? Fault) Parse(byte[] content, string? password) =>
        PemKeyReader.Read(content, password, nameof(OAuthIntrospectionOptions.DecryptionKeyPassword), out string? fault) switch
        {
            RsaJoseKey rsa => (new(rsa), null),
            null => (null, $"its content {fault}"),
            _ => (null, "its content is not an RSA key"),
        };
}
