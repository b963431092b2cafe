using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth.Interop.Servers;

/// <summary>Self-signed certificates.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Create(string host = "127.0.0.1", int daysLeft = 1)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=interop", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(host));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true)
        );

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-2), now.AddDays(daysLeft));
    }
}
