using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>Accepts every connection, and never says a word: what a network without a way out does to a download.</summary>
internal sealed class HangingListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Socket> _accepted = new();
    private readonly Task _accepting;

    public HangingListener()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}/ca.cer";

    public int ConnectionCount => _accepted.Count;

    public void Dispose()
    {
        _listener.Dispose();
        _ = _accepting;
        foreach (Socket socket in _accepted)
            socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _accepted.Enqueue(await _listener.AcceptSocketAsync());
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            // the test is over
        }
    }
}
