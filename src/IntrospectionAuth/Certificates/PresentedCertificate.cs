using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth.Certificates;

/// <summary>A client certificate with its chain, built once, for all connections that present it.</summary>
internal sealed class PresentedCertificate : IDisposable
{
    private static readonly TimeSpan s_silence = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _notBefore,
        _notAfter;
    private long _quietUntil; // UTC ticks

    /// <summary>Builds the chain.</summary>
    /// <param name="certificate">The certificate, with its private key.</param>
    /// <param name="others">Certificates that may belong to its chain, in any order.</param>
    public PresentedCertificate(X509Certificate2 certificate, X509Certificate2Collection? others)
    {
        _certificate = certificate;
        _notBefore = new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        _notAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()); // "never expires" is the last second there is

        // Offline: an issuer that the certificate names by a URL would otherwise be downloaded for every connection, and a URL that hangs
        // would delay each of them.
        Context = SslStreamCertificateContext.Create(certificate, others, offline: true);
    }

    public SslStreamCertificateContext Context { get; }

    public bool IsOf(X509Certificate2 certificate) => ReferenceEquals(_certificate, certificate);

    /// <returns>From when to when the certificate is valid, when that is not now and should be logged: when it begins, and then at most
    /// once an hour. Otherwise null.</returns>
    public (DateTimeOffset NotBefore, DateTimeOffset NotAfter)? FindInvalidity(DateTimeOffset now)
    {
        if (now >= _notBefore && now <= _notAfter)
            return null;

        long quietUntil = Volatile.Read(ref _quietUntil);
        bool isDue =
            now.UtcTicks >= quietUntil
            && Interlocked.CompareExchange(ref _quietUntil, (now + s_silence).UtcTicks, quietUntil) == quietUntil;
        return isDue ? (_notBefore, _notAfter) : null;
    }

    public void Dispose() => _certificate.Dispose();
}
