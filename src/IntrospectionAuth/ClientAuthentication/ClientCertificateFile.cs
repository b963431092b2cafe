using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>A certificate with its key in a PKCS #12 file, which may be replaced while the application runs.</summary>
/// <remarks>Its content is compared, not its time: a mounted secret is a link whose own time never changes.</remarks>
internal sealed class ClientCertificateFile(string path, string? password) : IDisposable
{
    private readonly Lock _lock = new();
    private X509Certificate2? _certificate;
    private byte[] _digest = [];

    /// <returns>The certificate as the file has it now or had it last.</returns>
    /// <exception cref="Exception">There has never been a usable certificate in the file.</exception>
    public X509Certificate2 Get(string scheme, ILogger logger)
    {
        lock (_lock)
        {
            byte[] digest = [];
            try
            {
                byte[] content = File.ReadAllBytes(path);
                digest = SHA256.HashData(content);
                if (_certificate is null || !digest.AsSpan().SequenceEqual(_digest))
                    _certificate = Load(content); // the one before is not disposed of: a handshake under way may still use it
            }
            catch (Exception exception) when (_certificate is not null && exception is CryptographicException or IOException or UnauthorizedAccessException)
            {
                if (!digest.AsSpan().SequenceEqual(_digest))
                    logger.ClientCertificateNotReplaced(scheme, path, exception.GetType().Name);
            }

            _digest = digest; // of the broken file too, so that it is complained of once
            return _certificate;
        }
    }

    public void Dispose() => _certificate?.Dispose();

    private X509Certificate2 Load(byte[] content)
    {
        X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(content, password);
        if (certificate.HasPrivateKey)
            return certificate;

        certificate.Dispose();
        throw new CryptographicException("The PKCS #12 file has no private key.");
    }
}
