using System.Net;
using System.Net.Sockets;

namespace IntrospectionAuth.Redis.Tests.Engines;

/// <summary>A network between a client and a server that can be cut, hang or be poor.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _sockets = [];
    private readonly int _target;
    private readonly Task _accepting;
    private TaskCompletionSource? _hanging;
    private TaskCompletionSource? _idle;
    private LinkShape _shape = LinkShape.None;
    private bool _isCut;
    private int _connections;

    /// <summary>Starts a proxy.</summary>
    /// <param name="target">The port of the server on 127.0.0.1.</param>
    public TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>A configuration string of StackExchange.Redis.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The number of connections that were accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Closes all connections, and every new one at once, until <see cref="Restore"/>.</summary>
    public void Cut()
    {
        lock (_lock)
            _isCut = true;
        DropConnections();
    }

    /// <summary>Keeps connections open and accepts new ones, but forwards nothing until <see cref="Restore"/>.</summary>
    public void Hang()
    {
        lock (_lock)
            _hanging ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Delays everything that is forwarded in either direction.</summary>
    public void Delay(TimeSpan delay) => Shape(new LinkShape { Delay = delay });

    /// <summary>Forwards like a poor network until <see cref="Restore"/>.</summary>
    public void Shape(LinkShape shape)
    {
        lock (_lock)
            _shape = shape;
    }

    /// <summary>Forwards again, and at once. What was held during <see cref="Hang"/> is forwarded, too.</summary>
    public void Restore()
    {
        TaskCompletionSource? hanging;
        lock (_lock)
        {
            (hanging, _hanging) = (_hanging, null);
            _isCut = false;
            _shape = LinkShape.None;
        }

        hanging?.SetResult();
    }

    /// <summary>Closes all connections once. New ones are forwarded.</summary>
    public void DropConnections()
    {
        lock (_lock)
        {
            foreach (Socket socket in _sockets)
                socket.Close(0);
            _sockets.Clear();
        }
    }

    /// <summary>Waits until no connection is open.</summary>
    public Task WaitUntilIdleAsync()
    {
        lock (_lock)
            return _sockets.Count == 0 ? Task.CompletedTask : (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Restore();
        DropConnections();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket client = await _listener.AcceptSocketAsync(_stopping.Token);
                Interlocked.Increment(ref _connections);
                _ = ForwardAsync(client);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
            {
                // The next round ends the loop when the proxy stops.
            }
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            lock (_lock)
            {
                if (_isCut)
                    return;
                _sockets.Add(client);
                _sockets.Add(server);
            }

            await server.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(PumpAsync(client, server, isResponse: false), PumpAsync(server, client, isResponse: true));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client sees a closed connection.
        }
        finally
        {
            lock (_lock)
            {
                _sockets.Remove(client);
                _sockets.Remove(server);
                if (_sockets.Count == 0)
                {
                    _idle?.SetResult();
                    _idle = null;
                }
            }

            client.Close(0);
            server.Close(0);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isResponse)
    {
        byte[] buffer = new byte[16 * 1024];
        long forwarded = 0;
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                (Task hanging, LinkShape shape) = State();
                await hanging;
                int limit = isResponse ? (int)Math.Min(length, shape.ResetAfter - forwarded) : length;
                for (int sent = 0; sent < limit; )
                {
                    int piece = Math.Min(limit - sent, shape.Piece);
                    if (shape.PauseBefore(piece) is { Ticks: > 0 } pause)
                        await Task.Delay(pause, TimeProvider.System);
                    sent += await to.SendAsync(buffer.AsMemory(sent, piece));
                }

                if (limit < length)
                    return; // both sides are reset
                forwarded += length;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // A side closed its connection, or the proxy did.
        }
    }

    private (Task Hanging, LinkShape Shape) State()
    {
        lock (_lock)
            return (_hanging?.Task ?? Task.CompletedTask, _shape);
    }
}
