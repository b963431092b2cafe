using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.Vendors;

/// <summary>A samples/Api with a provider's preset, and the authorization server that it calls.</summary>
/// <typeparam name="TServer">The provider's server.</typeparam>
public sealed class VendorApi<TServer> : IAsyncLifetime
    where TServer : class, IVendorServer<TServer>
{
    private TServer? _server;
    private SampleApi? _api;

    internal TServer Server => _server!;

    internal SampleApi Api => _api!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _server = await TServer.StartAsync();
        _api = await HostedApi.StartAsync(_server.Settings);
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
