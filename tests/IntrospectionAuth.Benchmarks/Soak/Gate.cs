using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>A port in front of the authorization server. Closing it refuses new connections and resets open ones.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly IPEndPoint _server;
    private readonly IPEndPoint _address;
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public Gate(Uri server)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        _address = Listen(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public int Port => _address.Port;

    public void Open() => Listen(_address);

    /// <summary>Refuses new connections and resets the open ones.</summary>
    public async Task CloseAsync()
    {
        _listener!.Stop();
        await _accepting;
        Reset();
    }

    /// <summary>Resets the open connections.</summary>
    public void Reset()
    {
        foreach (Socket socket in _open.Keys)
            Abort(socket);
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private IPEndPoint Listen(IPEndPoint address)
    {
        _listener = new TcpListener(address);
        _listener.Start(backlog: 512);
        _accepting = AcceptAsync(_listener);
        return (IPEndPoint)_listener.LocalEndpoint;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = ForwardAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The gate was closed.
        }
    }

    private async Task ForwardAsync(Socket caller)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        caller.NoDelay = true;
        _open[caller] = true;
        try
        {
            await server.ConnectAsync(_server);
            await Task.WhenAny(CopyAsync(caller, server), CopyAsync(server, caller));
        }
        catch (SocketException)
        {
            // The server has closed the connection.
        }
        finally
        {
            _open.TryRemove(caller, out _);
            Abort(caller);
        }
    }

    /// <summary>Copies until one side closes; then both sides are closed.</summary>
    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[8192];
        try
        {
            int length;
            while ((length = await from.ReceiveAsync(buffer)) > 0)
                await to.SendAsync(buffer.AsMemory(0, length));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side was reset.
        }
    }

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0); // sends a reset instead of a normal close
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }
}
