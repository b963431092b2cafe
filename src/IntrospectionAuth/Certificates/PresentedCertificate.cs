using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth.Certificates;

/// <summary>A client certificate with its chain, which is built once for all connections.</summary>
internal sealed class PresentedCertificate : IDisposable
{
    private static readonly TimeSpan s_logInterval = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _notBefore,
        _notAfter;
    private long _quietUntil; // UTC ticks

    /// <param name="certificate">The certificate, with its private key.</param>
    /// <param name="others">Candidates for its chain, in any order.</param>
    public PresentedCertificate(X509Certificate2 certificate, X509Certificate2Collection? others)
    {
        _certificate = certificate;
        _notBefore = new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        // A certificate that never expires has the last second of year 9999
        _notAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());

        // Offline: otherwise the platform downloads missing issuers for every connection, and a URL that hangs delays each of them.
        Context = SslStreamCertificateContext.Create(certificate, others, offline: true);
    }

    public SslStreamCertificateContext Context { get; }

    /// <returns>
    /// The validity period if it does not include the current time and this should be logged, at most once an hour; otherwise null.
    /// </returns>
    public (DateTimeOffset NotBefore, DateTimeOffset NotAfter)? FindInvalidity(DateTimeOffset now)
    {
        if (now >= _notBefore && now <= _notAfter)
            return null;

        long quietUntil = Volatile.Read(ref _quietUntil);
        bool isDue =
            now.UtcTicks >= quietUntil
            && Interlocked.CompareExchange(ref _quietUntil, (now + s_logInterval).UtcTicks, quietUntil) == quietUntil;
        return isDue ? (_notBefore, _notAfter) : null;
    }

    public void Dispose() => _certificate.Dispose();
}
