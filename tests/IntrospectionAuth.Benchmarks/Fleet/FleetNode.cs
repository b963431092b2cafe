using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Redis.Tests.Engines;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>A node in a process of its own, with its own network to the engine.</summary>
internal sealed class FleetNode : IAsyncDisposable
{
    private readonly ApiProcess _api;
    private readonly HttpClient _client;

    private FleetNode(int number, ApiProcess api, TcpProxy network, int connections)
    {
        Number = number;
        _api = api;
        Network = network;
        _client = api.CreateClient(connections);
    }

    public int Number { get; }

    public TcpProxy Network { get; }

    public static async Task<FleetNode> StartAsync(
        int number,
        FakeAuthorizationServer server,
        EngineProcess engine,
        string? log,
        int connections,
        params IEnumerable<string> settings
    )
    {
        var network = new TcpProxy(engine.Port);
        ApiProcess api = await ApiProcess.StartAsync(
            log,
            [
                $"IntrospectionEndpoint={server.IntrospectionEndpoint}",
                $"ClientId={server.ClientId}",
                $"ClientSecret={server.ClientSecret}",
                .. FleetSettings.ForNode(network.Port),
                .. settings,
            ]
        );
        return new FleetNode(number, api, network, connections);
    }

    /// <summary>Sends a token to the endpoint that requires the scope <c>read</c>.</summary>
    /// <returns>The status, 0 if there was no response; and the subject.</returns>
    public async Task<(int Status, string Body)> ReadAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiCommand.Read);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return (0, exception.Message);
        }
    }

    /// <summary>Removes a token, or all of a subject or session, on this node.</summary>
    /// <returns>The status.</returns>
    public async Task<int> ForgetAsync(string administrator, string field, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ApiCommand.Forget)
        {
            Content = new FormUrlEncodedContent([new(field, value)]),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + administrator);
        using HttpResponseMessage response = await _client.SendAsync(request);
        return (int)response.StatusCode;
    }

    public Task<(long Heap, int Unobserved)> DiagnoseAsync() => _api.DiagnoseAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
        await Network.DisposeAsync();
    }
}
