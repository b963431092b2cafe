using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace IntrospectionAuth.Interop.Servers;

/// <summary>An authorization server on a bare socket. The introspected token selects which bytes it writes, and when.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Func<Exchange, Task>> _behaviors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly IPEndPoint _endpoint;
    private Task _accepting;
    private int _lastToken;
    private int _callCount;

    public SocketServer()
    {
        _listener.Start(backlog: 512);
        _endpoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{_endpoint.Port.ToString(CultureInfo.InvariantCulture)}";

    public Dictionary<string, string> Settings =>
        new(StringComparer.Ordinal)
        {
            ["IntrospectionEndpoint"] = Url + "/introspect",
            ["ClientId"] = "api",
            ["ClientSecret"] = "secret",
        };

    /// <summary>Replaces the response to every token while it is set.</summary>
    public Func<Exchange, Task>? Behavior { get; set; }

    public int TotalCallCount => Volatile.Read(ref _callCount);

    /// <summary>Sets the response to a token. Other tokens are inactive.</summary>
    public void RespondTo(string token, Func<Exchange, Task> behavior) => _behaviors[token] = behavior;

    /// <returns>A new token with this response.</returns>
    public string RespondToNewToken(Func<Exchange, Task> behavior)
    {
        string token = "token-" + Interlocked.Increment(ref _lastToken).ToString(CultureInfo.InvariantCulture);
        RespondTo(token, behavior);
        return token;
    }

    public int CallCount(string token) => _calls.GetValueOrDefault(token);

    /// <summary>Refuses connections from now on.</summary>
    public void Close() => _listener.Stop();

    /// <summary>Listens again on the same port.</summary>
    public void Reopen()
    {
        _listener = new TcpListener(_endpoint);
        _listener.Start(backlog: 512);
        _accepting = Task.WhenAll(_accepting, AcceptAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Close();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var exchanges = new List<Task>();
        try
        {
            while (true)
                exchanges.Add(RespondAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(exchanges);
        }
    }

    private async Task RespondAsync(TcpClient connection)
    {
        using TcpClient owned = connection;
        try
        {
            NetworkStream stream = connection.GetStream();
            if (await ReadTokenAsync(stream) is not { } token)
                return;

            _calls.AddOrUpdate(token, 1, static (_, count) => count + 1);
            Interlocked.Increment(ref _callCount);
            var exchange = new Exchange(connection, _stopping.Token);
            Func<Exchange, Task>? behavior = Behavior ?? _behaviors.GetValueOrDefault(token);
            await (behavior is null ? exchange.WriteJsonAsync("""{"active":false}""") : behavior(exchange));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // The API closed the connection, as most of these behaviors provoke, or the test has ended.
        }
    }

    /// <returns>The token in the form; null if the API closed the connection first.</returns>
    private async Task<string?> ReadTokenAsync(NetworkStream stream)
    {
        var received = new List<byte>();
        byte[] buffer = new byte[8192];
        while (true)
        {
            int read = await stream.ReadAsync(buffer, _stopping.Token);
            if (read == 0)
                return null;

            received.AddRange(buffer.AsSpan(0, read));
            string text = Encoding.ASCII.GetString([.. received]);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                continue;

            string length = text.Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))[
                "Content-Length:".Length..
            ];
            string body = text[(end + 4)..];
            if (body.Length >= int.Parse(length, CultureInfo.InvariantCulture))
                return QueryHelpers.ParseQuery(body)["token"];
        }
    }
}
