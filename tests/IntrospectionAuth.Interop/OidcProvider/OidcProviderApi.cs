using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>An API with default settings that introspects at oidc-provider.</summary>
/// <param name="server">The oidc-provider that the collection shares.</param>
public sealed class OidcProviderApi(OidcProviderServer server) : IAsyncLifetime
{
    private SampleApi? _api;

    internal SampleApi Api => _api!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (NodeRequirement.Missing is null)
            _api = await HostedApi.StartAsync(server.Settings);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
    }
}
