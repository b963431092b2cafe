using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Certificates;

/// <summary>
/// Reads a client certificate, its private key and its chain from the contents of files. No fault contains a part of a key or its password.
/// </summary>
internal static class ClientCertificateReader
{
    private const int MaximumIterations = 10_000_000;
    private const int InvalidPassword = unchecked((int)0x80070056); // on every operating system

    /// <summary>
    /// The files belong to this API, so the limits may be high. The platform's limits reject what openssl writes with <c>-iter 400000</c>.
    /// </summary>
    private static readonly Pkcs12LoaderLimits s_limits = new()
    {
        MacIterationLimit = MaximumIterations,
        IndividualKdfIterationLimit = MaximumIterations,
        TotalKdfIterationLimit = 3 * MaximumIterations, // for the certificates, the key and the MAC
    };

    /// <param name="certificates">The content of the file with the certificates.</param>
    /// <param name="key">The content of the file with the private key; null when it is in the same file.</param>
    /// <param name="password">The password of the encrypted file.</param>
    /// <returns>
    /// The certificate; or the rest of a sentence that begins with "its content", and whether the sentence is about the file with the key.
    /// </returns>
    public static (PresentedCertificate? Certificate, string? Fault, bool IsAboutKey) Read(
        byte[] certificates,
        byte[]? key,
        string? password
    )
    {
        try
        {
            return PrivateKeyReader.IsDer(certificates) ? ReadDer(certificates, key, password) : ReadPem(certificates, key, password);
        }
        catch (CryptographicException)
        {
            return (null, "is damaged, or this platform does not support it", false);
        }
    }

    private static (PresentedCertificate? Certificate, string? Fault, bool IsAboutKey) ReadDer(
        byte[] certificates,
        byte[]? key,
        string? password
    )
    {
        return X509Certificate2.GetCertContentType(certificates) switch
        {
            X509ContentType.Pkcs12 when key is not null => (
                null,
                "is a PKCS #12 file, which has its own private key. Remove CertificateKeyPath",
                false
            ),
            X509ContentType.Pkcs12 => ReadPkcs12(certificates, password),
            X509ContentType.Cert => Combine(
                [X509CertificateLoader.LoadCertificate(certificates)],
                key,
                password,
                isAboutKey: key is not null
            ),
            X509ContentType.Pkcs7 => (
                null,
                "is a PKCS #7 file, which has no private key. Convert it to PEM, and set CertificateKeyPath",
                false
            ),
            _ => (null, "is neither a PKCS #12 file nor a certificate", false),
        };
    }

    private static (PresentedCertificate? Certificate, string? Fault, bool IsAboutKey) ReadPkcs12(byte[] content, string? password)
    {
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(content, password, X509KeyStorageFlags.DefaultKeySet, s_limits);
        }
        catch (Pkcs12LoadLimitExceededException)
        {
            return (
                null,
                $"is a PKCS #12 file with more than {MaximumIterations} key derivation iterations, or with too many certificates and keys",
                false
            );
        }
        catch (CryptographicException exception)
        {
            bool hasPassword = !string.IsNullOrEmpty(password);
            return (
                null,
                exception.HResult != InvalidPassword ? "is a PKCS #12 file that is damaged, or encrypted with an unsupported algorithm"
                : hasPassword ? "is a PKCS #12 file that CertificatePassword does not open"
                : "is a PKCS #12 file with a password, and CertificatePassword is not set",
                false
            );
        }

        // If several certificates have a key, the client certificate is the one that is not a CA certificate.
        X509Certificate2? leaf = all.Where(static it => it.HasPrivateKey).OrderBy(IsAuthority).FirstOrDefault();
        if (leaf is null)
        {
            DisposeAll(all);
            return (null, all.Count == 0 ? "is a PKCS #12 file without a certificate" : "is a PKCS #12 file without a private key", false);
        }

        all.Remove(leaf);
        return (new PresentedCertificate(leaf, all), null, false);
    }

    private static (PresentedCertificate? Certificate, string? Fault, bool IsAboutKey) ReadPem(
        byte[] certificates,
        byte[]? key,
        string? password
    )
    {
        if (PemText.Decode(certificates, out string? fault) is not { } text)
            return (null, fault, false);

        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            DisposeAll(all);
            return (null, "has a certificate that is damaged", false);
        }

        if (all.Count == 0)
            return (null, "is neither PEM with a certificate (-----BEGIN CERTIFICATE-----) nor a PKCS #12 file", false);
        return Combine(all, key ?? certificates, password, isAboutKey: key is not null);
    }

    /// <summary>Combines the private key with the certificate that it belongs to, regardless of their order.</summary>
    private static (PresentedCertificate? Certificate, string? Fault, bool IsAboutKey) Combine(
        X509Certificate2Collection all,
        byte[]? key,
        string? password,
        bool isAboutKey
    )
    {
        string? fault = PemText.CertificateWithoutKey;
        using AsymmetricAlgorithm? privateKey = key is null
            ? null
            : PrivateKeyReader.Read(key, password, nameof(OAuthIntrospectionOptions.CertificatePassword), out fault);
        if (privateKey is null)
        {
            DisposeAll(all);
            return (
                null,
                fault == PemText.CertificateWithoutKey && !isAboutKey ? fault + ". Set CertificateKeyPath to the file with the key" : fault,
                isAboutKey
            );
        }

        foreach (X509Certificate2 certificate in all)
        {
            if (TryCombine(certificate, privateKey) is not { } leaf)
                continue;

            all.Remove(certificate);
            certificate.Dispose();
            return (new PresentedCertificate(leaf, all), null, false);
        }

        DisposeAll(all);
        return (null, "has a private key that does not belong to any of the certificates", isAboutKey);
    }

    private static X509Certificate2? TryCombine(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        try
        {
            X509Certificate2 leaf = key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
            if (!OperatingSystem.IsWindows())
                return leaf;

            using (leaf) // TLS on Windows does not accept an ephemeral key
                return X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return null; // the certificate of another key
        }
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(static it => it.CertificateAuthority);

    private static void DisposeAll(X509Certificate2Collection certificates)
    {
        foreach (X509Certificate2 certificate in certificates)
            certificate.Dispose();
    }
}
