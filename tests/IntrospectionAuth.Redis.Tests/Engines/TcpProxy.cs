using System.Net;
using System.Net.Sockets;

namespace IntrospectionAuth.Redis.Tests.Engines;

/// <summary>A network between a client and a server that can be cut, hang or be slow.</summary>
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
    private TimeSpan _delay;
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
    public void Delay(TimeSpan delay)
    {
        lock (_lock)
            _delay = delay;
    }

    /// <summary>Forwards again, and at once. What was held during <see cref="Hang"/> is forwarded, too.</summary>
    public void Restore()
    {
        TaskCompletionSource? hanging;
        lock (_lock)
        {
            (hanging, _hanging) = (_hanging, null);
            _isCut = false;
            _delay = default;
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
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
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

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                (Task hanging, TimeSpan delay) = State();
                await hanging;
                if (delay > TimeSpan.Zero)
                    await Task.Delay(delay, TimeProvider.System);
                for (int sent = 0; sent < length; )
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // A side closed its connection, or the proxy did.
        }
    }

    private (Task Hanging, TimeSpan Delay) State()
    {
        lock (_lock)
            return (_hanging?.Task ?? Task.CompletedTask, _delay);
    }
}
