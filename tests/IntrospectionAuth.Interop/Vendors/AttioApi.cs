using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.Vendors;

/// <summary>A samples/Api with Provider=Attio and its authorization server.</summary>
public sealed class AttioApi : IAsyncLifetime
{
    private AttioServer? _server;
    private SampleApi? _api;

    internal AttioServer Server => _server!;

    internal SampleApi Api => _api!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _server = await AttioServer.StartAsync();
        _api = await SampleApi.StartAsync(_server.Settings);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
