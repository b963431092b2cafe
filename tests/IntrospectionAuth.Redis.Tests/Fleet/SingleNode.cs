using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>A node that shares nothing, for the tests of a class.</summary>
public sealed class SingleNode : IAsyncLifetime
{
    private FakeAuthorizationServer? _server;
    private FleetNode? _node;

    internal FakeAuthorizationServer Server => _server!;

    internal FleetNode Node => _node!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _server = await FakeAuthorizationServer.ListenAsync();
        _node = await StartAsync(_server);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <param name="server">The authorization server.</param>
    /// <param name="redis">An address of Redis where there is none; null if Redis is not configured.</param>
    internal static async Task<FleetNode> StartAsync(FakeAuthorizationServer server, string? redis = null)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["IntrospectionEndpoint"] = server.IntrospectionEndpoint,
            ["ClientId"] = server.ClientId,
            ["ClientSecret"] = server.ClientSecret,
        };
        if (redis is not null)
        {
            settings["SharedCache:Redis"] = redis;
            settings["SharedCache:Secrets:0"] = Convert.ToBase64String(new byte[32]);
        }

        return new FleetNode(await SampleApi.StartAsync(settings), new TcpProxy(1));
    }
}
