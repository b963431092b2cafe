using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace IntrospectionAuth.Interop.Servers;

/// <summary>A request that waits for its response. The connection is closed afterwards.</summary>
internal sealed class Exchange(TcpClient connection, CancellationToken stopping)
{
    public CancellationToken Stopping => stopping;

    public Task WriteJsonAsync(string json) => WriteAsync("200 OK", "Content-Type: application/json", json);

    /// <summary>Writes a complete response. Headers are separated by line breaks.</summary>
    public Task WriteAsync(string status, string headers = "", string body = "")
    {
        string length = Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture);
        string lines = headers.Length == 0 ? "" : headers.ReplaceLineEndings("\r\n") + "\r\n";
        return WriteRawAsync($"HTTP/1.1 {status}\r\n{lines}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    }

    public Task WriteRawAsync(string text) => WriteBytesAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteBytesAsync(byte[] bytes) => await connection.GetStream().WriteAsync(bytes, stopping);

    /// <summary>Writes a text byte by byte, five bytes per second.</summary>
    public async Task DripAsync(string text)
    {
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            await WriteBytesAsync([value]);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, stopping);
        }
    }

    /// <summary>Sends nothing until the test ends.</summary>
    public Task HangAsync() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);

    /// <summary>Closes the connection with RST instead of FIN.</summary>
    public Task ResetAsync()
    {
        connection.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        connection.Close();
        return Task.CompletedTask;
    }
}
