using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Jose;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Validation;

/// <summary>Compares the client's certificate with the one that a token is bound to (RFC 8705, section 3).</summary>
/// <remarks>It is the connection's, or the one that a proxy has forwarded, where the application has ASP.NET Core read it.</remarks>
internal static class CertificateBinding
{
    public static async ValueTask<bool> IsProvedAsync(HttpContext context, string thumbprint)
    {
        try
        {
            return await context.Connection.GetClientCertificateAsync(context.RequestAborted) is { } certificate
                && Matches(certificate, thumbprint);
        }
        catch (Exception)
        {
            // A server that asks for it only now may fail to, a header of the proxy may hold none, and a certificate may have been disposed of: then none was shown.
            return false;
        }
    }

    private static bool Matches(X509Certificate2 certificate, string thumbprint)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(certificate.RawDataMemory.Span, hash);
        return Base64UrlText.FixedTimeEquals(Base64UrlText.Encode(hash), thumbprint);
    }
}
