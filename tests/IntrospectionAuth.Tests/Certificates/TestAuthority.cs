using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>A certificate authority with a root and an intermediate, which issues client certificates.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _issuer;
    private byte _serial;

    public TestAuthority()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Root = CreateRequest("root", rootKey, isAuthority: true).CreateSelfSigned(NotBefore, NotAfter);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Intermediate = CreateRequest("intermediate", key, isAuthority: true).Create(Root, NotBefore, NotAfter, [1]);
        _issuer = Intermediate.CopyWithPrivateKey(key);
    }

    public static DateTimeOffset NotBefore { get; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset NotAfter { get; } = new(2049, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public X509Certificate2 Root { get; }

    /// <summary>The intermediate certificate, without its key.</summary>
    public X509Certificate2 Intermediate { get; }

    /// <summary>Issues a certificate with its key.</summary>
    /// <param name="name">The subject name.</param>
    /// <param name="issuerUrl">The URL for downloading the issuer.</param>
    /// <param name="notBefore">The start of the validity period.</param>
    /// <param name="notAfter">The end of the validity period.</param>
    public X509Certificate2 Issue(string name, string? issuerUrl = null, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = CreateRequest(name, key, isAuthority: false);
        if (issuerUrl is not null)
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(ocspUris: null, [issuerUrl]));
        using X509Certificate2 certificate = request.Create(_issuer, notBefore ?? NotBefore, notAfter ?? NotAfter, [2, ++_serial]);
        return certificate.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        Root.Dispose();
        Intermediate.Dispose();
        _issuer.Dispose();
    }

    private static CertificateRequest CreateRequest(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, 0, critical: true)
        );
        return request;
    }
}
