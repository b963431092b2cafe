using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Support;

/// <summary>A server on a real socket, plain or with TLS, for what <c>FakeAuthorizationServer</c> never does.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts a server.</summary>
    /// <param name="respond">Writes each response.</param>
    /// <param name="certificate">The certificate; null for plain http.</param>
    /// <param name="clientRoot">The root of the certificates that clients must present; null for none.</param>
    public static async Task<StubServer> StartAsync(
        RequestDelegate respond,
        X509Certificate2? certificate = null,
        X509Certificate2? clientRoot = null
    )
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                        listen.UseHttps(https => Secure(https, certificate, clientRoot));
                }
            )
        );
        WebApplication app = builder.Build();
        app.Run(respond);
        await app.StartAsync();
        return new StubServer(app);
    }

    /// <summary>Responds to every request with JSON.</summary>
    public static RequestDelegate Json(Func<HttpRequest, string> body) =>
        context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body(context.Request));
        };

    /// <summary>Issues a certificate that no machine trusts.</summary>
    public static X509Certificate2 CreateCertificate(string host, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(host);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);

        // SubjectAlternativeNameBuilder refuses names that a hostile certificate may have.
        byte[] name = Encoding.ASCII.GetBytes(host);
        byte[] names = [0x30, (byte)(name.Length + 2), 0x82, (byte)name.Length, .. name];
        request.CertificateExtensions.Add(new X509SubjectAlternativeNameExtension(names));
        return request.CreateSelfSigned(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), notAfter);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Secure(HttpsConnectionAdapterOptions https, X509Certificate2 certificate, X509Certificate2? clientRoot)
    {
        https.ServerCertificate = certificate;
        if (clientRoot is null)
            return;

        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.OnAuthenticate = (_, tls) =>
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { clientRoot },
                DisableCertificateDownloads = true,
                RevocationMode = X509RevocationMode.NoCheck,
            };
    }
}
