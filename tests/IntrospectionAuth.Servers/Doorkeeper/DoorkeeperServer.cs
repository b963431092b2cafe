namespace IntrospectionAuth.Servers.Doorkeeper;

/// <summary>Doorkeeper in a Rails application, run by server.rb.</summary>
public sealed class DoorkeeperServer : IAsyncLifetime
{
    /// <summary>The packages of Debian that the server needs.</summary>
    public const string Packages = "ruby-doorkeeper ruby-rails ruby-sqlite3 puma";

    private ServerProcess? _process;
    private TokenClient? _client;

    internal string Url => _process!.Url;

    /// <summary>The client of users.</summary>
    internal TokenClient Client => _client!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Requirement.FindMissing(Packages) is not null)
            return; // every test is skipped, but the fixture is still created

        _process = await ServerProcess.StartScriptAsync("/usr/bin/ruby", "Doorkeeper/server.rb");
        _client = new TokenClient(Url + "/oauth/token", Url + "/oauth/revoke", "app", "app-secret");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }

    /// <summary>The settings of an API that introspects here.</summary>
    internal Dictionary<string, string> Settings(string method, params (string Name, string Value)[] further)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["IntrospectionEndpoint"] = Url + "/oauth/introspect",
            ["ClientAuthenticationMethod"] = method,
            ["ClientId"] = "api",
            ["ClientSecret"] = "api-secret:+%",
        };
        foreach ((string name, string value) in further)
            settings[name] = value;
        return settings;
    }

    /// <summary>Lets the lifetime of a token end.</summary>
    internal Task ExpireAsync(string token) => Client.SendAsync(Url + "/expire", [("token", token)]);

    internal Task KillAsync() => _process!.KillAsync();
}
