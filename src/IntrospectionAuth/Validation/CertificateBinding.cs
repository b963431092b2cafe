using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Jose;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Validation;

/// <summary>Compares the client's certificate with the one that a token is bound to (RFC 8705, section 3).</summary>
/// <remarks>
/// The certificate is that of the connection, or that of a forwarding proxy when the application configures ASP.NET Core to read it.
/// </remarks>
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
            // A late request for the certificate may fail, a proxy's header may be malformed, or the certificate may be disposed. None of
            // them proves possession.
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
