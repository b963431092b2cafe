using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OpenIddict;

/// <summary>
/// One OpenIddict for each format of access tokens, and one samples/Api for each of its clients. Each starts at its first use.
/// </summary>
public sealed class OpenIddictServers : IAsyncLifetime
{
    private readonly Dictionary<TokenFormat, OpenIddictServer> _servers = [];
    private readonly Dictionary<(TokenFormat, string), SampleApi> _apis = [];
    private readonly FileInfo _key = new(Path.GetTempFileName());

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await File.WriteAllTextAsync(_key.FullName, OpenIddictClients.PrivateKey);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (SampleApi api in _apis.Values)
            await api.DisposeAsync();
        foreach (OpenIddictServer server in _servers.Values)
            await server.DisposeAsync();
        _key.Delete();
    }

    internal async Task<OpenIddictServer> GetAsync(TokenFormat format)
    {
        if (!_servers.TryGetValue(format, out OpenIddictServer? server))
            _servers.Add(format, server = await OpenIddictServer.StartAsync(format));

        return server;
    }

    /// <summary>An API that introspects on every request, so that each one uses the method.</summary>
    internal async Task<SampleApi> GetApiAsync(TokenFormat format, string method)
    {
        if (!_apis.TryGetValue((format, method), out SampleApi? api))
        {
            Dictionary<string, string> settings = Settings(await GetAsync(format), method);
            settings["Cache:MaximumAge"] = "0";
            _apis.Add((format, method), api = await HostedApi.StartAsync(settings));
        }

        return api;
    }

    internal Dictionary<string, string> Settings(OpenIddictServer server, string method)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Authority"] = server.Issuer,
            ["ClientAuthenticationMethod"] = method,
        };
        if (method == "private_key_jwt")
        {
            settings["ClientId"] = OpenIddictClients.ApiWithKey;
            settings["SigningKeyPath"] = _key.FullName;
            settings["ClientAssertionType"] = "client-authentication+jwt";
        }
        else
        {
            settings["ClientId"] = OpenIddictClients.Api;
            settings["ClientSecret"] = OpenIddictClients.ApiSecret;
        }

        return settings;
    }
}
