using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Testing.Hosting;

/// <summary>Runs the server on a port of 127.0.0.1.</summary>
internal sealed class ListeningHost : IServerHost
{
    private readonly KestrelServer _server;

    public ListeningHost(int port)
    {
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Limits.MinRequestBodyDataRate = null; // these use the system clock
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance
        );
    }

    public Uri BaseAddress => new(_server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    public Task StartAsync(RequestDelegate pipeline) => _server.StartAsync(new PipelineApplication(pipeline), CancellationToken.None);

    public HttpMessageHandler CreateHandler() =>
        new RedirectingHandler(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
            },
            BaseAddress
        );

    public async ValueTask DisposeAsync()
    {
        // With a cancelled token all connections are aborted at once.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }
}
