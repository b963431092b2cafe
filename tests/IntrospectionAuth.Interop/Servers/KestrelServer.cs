using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Interop.Servers;

/// <summary>A hand-written authorization server: one request delegate on a free port of 127.0.0.1.</summary>
internal sealed class KestrelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _callCount;

    private KestrelServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>The certificate that new TLS connections receive.</summary>
    public X509Certificate2? Certificate { get; set; }

    public int CallCount => Volatile.Read(ref _callCount);

    /// <summary>An exception in the server itself, which means a defect of the test and not of the API.</summary>
    public ConcurrentQueue<Exception> Errors { get; } = new();

    public static async Task<KestrelServer> StartAsync(
        RequestDelegate respond,
        X509Certificate2? certificate = null,
        bool requestsClientCertificate = false
    )
    {
        KestrelServer? server = null;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                System.Net.IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                    {
                        listen.UseHttps(https =>
                        {
                            https.ServerCertificateSelector = (_, _) => server!.Certificate;
                            if (requestsClientCertificate)
                            {
                                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                                https.ClientCertificateValidation = (_, _, _) => true; // the test decides
                            }
                        });
                    }
                }
            )
        );

        WebApplication app = builder.Build();
        server = new KestrelServer(app) { Certificate = certificate };
        app.Run(async context =>
        {
            Interlocked.Increment(ref server._callCount);
            try
            {
                await respond(context);
            }
            catch (Exception exception)
            {
                server.Errors.Enqueue(exception);
                throw;
            }
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
