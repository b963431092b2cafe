using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>A connection that sends the same request again and again.</summary>
/// <remarks>It costs less than an HTTP client, which leaves more of the processors to the server.</remarks>
internal sealed class LoadConnection : IDisposable
{
    private static readonly byte[] s_lastChunk = "\r\n0\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _response = new byte[4_096];

    private LoadConnection(byte[] request) => _request = request;

    public static async Task<LoadConnection> OpenAsync(Uri address, string header)
    {
        string request = $"GET / HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: {header}\r\n\r\n";
        var connection = new LoadConnection(Encoding.ASCII.GetBytes(request));
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
        return connection;
    }

    public async Task ExchangeAsync()
    {
        await _socket.SendAsync(_request);
        int length = 0;
        while (!_response.AsSpan(0, length).EndsWith(s_lastChunk))
        {
            int read = await _socket.ReceiveAsync(_response.AsMemory(length));
            length += read > 0 ? read : throw new InvalidOperationException("The server closed the connection.");
        }

        if (!_response.AsSpan(0, length).StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidOperationException("Not every response had status 200.");
    }

    public void Dispose() => _socket.Dispose();
}
