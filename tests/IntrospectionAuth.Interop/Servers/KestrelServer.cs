using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Interop.Servers;

/// <summary>An authorization server made by hand: one request delegate on a free port of 127.0.0.1.</summary>
internal sealed class KestrelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _callCount;

    private KestrelServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>What new connections are shown, where the server speaks TLS.</summary>
    public X509Certificate2? Certificate { get; set; }

    public int CallCount => Volatile.Read(ref _callCount);

    /// <summary>What went wrong in the server itself: a test's fault, never the API's.</summary>
    public ConcurrentQueue<Exception> Errors { get; } = new();

    public static async Task<KestrelServer> StartAsync(
        RequestDelegate answer,
        X509Certificate2? certificate = null,
        bool asksForCertificate = false
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
                            if (asksForCertificate)
                            {
                                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                                https.ClientCertificateValidation = (_, _, _) => true; // the test judges
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
                await answer(context);
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
