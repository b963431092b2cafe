using System.Collections.Concurrent;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace IntrospectionAuth.Interop.Mcp;

/// <summary>The client of the MCP SDK, which knows nothing but the address of the MCP server.</summary>
internal sealed class SdkClient : IAsyncDisposable
{
    private readonly Recorder _recorder;
    private readonly HttpClient _http;
    private McpClient? _client;

    private SdkClient(Uri server)
    {
        _recorder = new Recorder(server);
        _http = new HttpClient(_recorder);
    }

    public HeadlessUser User { get; } = new();

    /// <summary>The statuses of the MCP server, in order.</summary>
    public IReadOnlyCollection<int> Statuses => _recorder.Statuses;

    /// <summary>The clients that it has registered at the authorization server.</summary>
    public int Registrations { get; private set; }

    public static async Task<SdkClient> ConnectAsync(Uri server)
    {
        var client = new SdkClient(server);
        try
        {
            var transport = new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = server,
                    TransportMode = HttpTransportMode.StreamableHttp,
                    OAuth = new ClientOAuthOptions
                    {
                        RedirectUri = HeadlessUser.Callback,
                        AuthorizationCallbackHandler = client.User.AuthorizeAsync,
                        AdditionalAuthorizationParameters = { ["login_hint"] = "alice" },
                        DynamicClientRegistration = new()
                        {
                            ClientName = "A client of the tests",
                            ResponseDelegate = (_, _) =>
                            {
                                client.Registrations++;
                                return Task.CompletedTask;
                            },
                        },
                    },
                },
                client._http
            );
            client._client = await McpClient.CreateAsync(transport);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async Task<string[]> ListAsync() => [.. (await _client!.ListToolsAsync()).Select(static tool => tool.Name)];

    public async Task<string> CallAsync(string tool, Dictionary<string, object?>? arguments = null)
    {
        CallToolResult result = await _client!.CallToolAsync(tool, arguments);
        return ((TextContentBlock)result.Content.Single()).Text;
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        _http.Dispose();
        User.Dispose();
    }

    private sealed class Recorder(Uri server) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        private readonly ConcurrentQueue<int> _statuses = new();

        public IReadOnlyCollection<int> Statuses => _statuses;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (request.RequestUri == server)
                _statuses.Enqueue((int)response.StatusCode);
            return response;
        }
    }
}
