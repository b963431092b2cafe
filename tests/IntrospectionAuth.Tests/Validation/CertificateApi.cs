using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Certificates;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Certificates;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Validation;

/// <summary>An API on a real TLS socket that requests client certificates.</summary>
internal sealed class CertificateApi : IAsyncDisposable
{
    private readonly KestrelApi _api;
    private readonly X509Certificate2 _serverCertificate;

    private CertificateApi(KestrelApi api, X509Certificate2 serverCertificate)
    {
        _api = api;
        _serverCertificate = serverCertificate;
    }

    public static string ThumbprintOf(X509Certificate2 certificate) => WebEncoders.Base64UrlEncode(SHA256.HashData(certificate.RawData));

    public static async Task<CertificateApi> StartAsync(
        FakeAuthorizationServer server,
        ClientCertificateMode mode = ClientCertificateMode.AllowCertificate,
        Action<WebApplication>? pipeline = null,
        Action<IServiceCollection>? services = null
    )
    {
        X509Certificate2 certificate = CertificateServer.CreateCertificate("localhost");
        KestrelApi api = await KestrelApi.StartAsync(
            collection =>
            {
                collection.AddAuthentication().AddOAuthIntrospection();
                collection.UseFakeAuthorizationServer(server);
                services?.Invoke(collection);
            },
            pipeline,
            kestrel =>
                kestrel.ConfigureEndpointDefaults(listen =>
                    listen.UseHttps(https =>
                    {
                        https.ServerCertificate = certificate;
                        https.ClientCertificateMode = mode;
                        https.AllowAnyClientCertificate();
                    })
                )
        );
        return new CertificateApi(api, certificate);
    }

    public async Task<HttpResponseMessage> GetAsync(
        string token,
        X509Certificate2? certificate = null,
        string? forwarded = null,
        HttpContent? body = null
    )
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.Equals(_serverCertificate);
        if (certificate is not null)
            handler.SslOptions.ClientCertificates = [certificate];
        using var client = new HttpClient(handler) { BaseAddress = _api.Client.BaseAddress };
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, "/me") { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (forwarded is not null)
            request.Headers.TryAddWithoutValidation("X-Client-Cert", forwarded);
        return await client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _serverCertificate.Dispose();
    }
}
