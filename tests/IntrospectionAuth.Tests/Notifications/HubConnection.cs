using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace IntrospectionAuth.Tests.Notifications;

/// <summary>The client side of a SignalR connection: a WebSocket with the JSON protocol.</summary>
internal sealed class HubConnection : IDisposable
{
    private const char RecordSeparator = '\u001e';
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _patience = new(s_patience, TimeProvider.System);
    private readonly ClientWebSocket _socket = new();
    private readonly Queue<string> _records = new();
    private string _rest = "";

    private HubConnection() { }

    public static async Task<HubConnection> ConnectAsync(Uri address, string query)
    {
        var connection = new HubConnection();
        try
        {
            await connection._socket.ConnectAsync(
                new UriBuilder(address)
                {
                    Scheme = "ws",
                    Path = "/hubs/notifications",
                    Query = query,
                }.Uri,
                connection._patience.Token
            );
            await connection.SendAsync("""{"protocol":"json","version":1}""");
            Assert.Equal("{}", await connection.ReceiveRecordAsync());
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public Task InvokeAsync(string method) => SendAsync($$"""{"type":1,"invocationId":"1","target":"{{method}}","arguments":[]}""");

    /// <summary>The next message that is not a ping; null when the server has closed the connection.</summary>
    public async Task<JsonNode?> ReceiveAsync()
    {
        while (await ReceiveRecordAsync() is { } record)
        {
            JsonNode message = JsonNode.Parse(record)!;
            if (message["type"]!.GetValue<int>() != 6)
                return message;
        }

        return null;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _patience.Dispose();
    }

    private Task SendAsync(string record) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(record + RecordSeparator), WebSocketMessageType.Text, endOfMessage: true, _patience.Token);

    private async Task<string?> ReceiveRecordAsync()
    {
        byte[] buffer = new byte[4096];
        while (_records.Count == 0)
        {
            WebSocketReceiveResult received = await _socket.ReceiveAsync(buffer, _patience.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;

            string[] parts = (_rest + Encoding.UTF8.GetString(buffer, 0, received.Count)).Split(RecordSeparator);
            _rest = parts[^1];
            foreach (string part in parts[..^1])
                _records.Enqueue(part);
        }

        return _records.Dequeue();
    }
}
