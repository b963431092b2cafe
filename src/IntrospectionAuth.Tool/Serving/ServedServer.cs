using System.Net.Sockets;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tool.Terminal;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tool.Serving;

/// <summary>A <see cref="FakeAuthorizationServer"/> on a loopback port, which the same user controls by the key file.</summary>
internal sealed class ServedServer : IAsyncDisposable
{
    private readonly KeyFile _keyFile;

    private ServedServer(FakeAuthorizationServer server, KeyFile keyFile)
    {
        Server = server;
        _keyFile = keyFile;
    }

    public FakeAuthorizationServer Server { get; }

    /// <exception cref="FailureException">The port is in use or may not be used, or the key file cannot be written.</exception>
    public static async Task<ServedServer> StartAsync(
        ToolHost host,
        Action<FakeAuthorizationServerOptions> configure,
        Action<FakeAuthorizationServer, IntrospectionCall, HttpResponse> onCall
    )
    {
        FakeAuthorizationServer? server = null;
        ControlEndpoint? control = null;
        FakeAuthorizationServerOptions? used = null;
        try
        {
            server = await FakeAuthorizationServer.ListenAsync(options =>
            {
                used = options;
                configure(options);
                options.TimeProvider = host.Time;
                options.Middleware = async (context, next) =>
                {
                    if (ControlEndpoint.Serves(context.Request))
                    {
                        await (control?.HandleAsync(context) ?? Task.CompletedTask);
                        return;
                    }

                    await next(context);
                    if (server is null || context.Features.Get<IntrospectionCall>() is not { } call)
                        return;

                    onCall(server, call, context.Response);
                    server.ClearCalls(); // A server that runs for days keeps no record of its calls.
                };
            });
            var keyFile = new KeyFile(host, server.BaseAddress.Port);
            control = new ControlEndpoint(keyFile.Create(), () => server);
            return new ServedServer(server, keyFile);
        }
        catch (IOException) when (server is null)
        {
            throw new FailureException(
                $"Port {used?.Port} is in use. Choose another one: dotnet introspection serve --port {used?.Port + 1}"
            );
        }
        catch (SocketException exception) when (server is null) // a low port, or one that the system reserves
        {
            throw new FailureException(
                $"Port {used?.Port} cannot be opened ({exception.SocketErrorCode}). Choose another one: dotnet introspection serve --port 0"
            );
        }
        catch
        {
            if (server is not null)
                await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _keyFile.Delete();
        await Server.DisposeAsync();
    }
}
