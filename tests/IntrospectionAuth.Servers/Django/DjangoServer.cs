namespace IntrospectionAuth.Servers.Django;

/// <summary>django-oauth-toolkit, run by server.py.</summary>
public sealed class DjangoServer : IAsyncLifetime
{
    /// <summary>The packages of Debian that the server needs.</summary>
    public const string Packages = "python3-django-oauth-toolkit";

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

        _process = await ServerProcess.StartScriptAsync("/usr/bin/python3", "Django/server.py");
        _client = new TokenClient(Url + "/o/token/", Url + "/o/revoke_token/", "app", "app-secret");
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
            ["IntrospectionEndpoint"] = Url + "/o/introspect/",
            ["ClientAuthenticationMethod"] = method,
            ["ClientId"] = "api",
            ["ClientSecret"] = "api-secret:+%",
        };
        if (method == "client_credentials")
        {
            settings["ClientCredentials:TokenEndpoint"] = Url + "/o/token/";
            settings["ClientCredentials:Scope"] = "introspection";
        }

        foreach ((string name, string value) in further)
            settings[name] = value;
        return settings;
    }

    /// <summary>Lets the lifetime of a token end.</summary>
    internal Task ExpireAsync(string token) => Client.SendAsync(Url + "/expire/", [("token", token)]);

    /// <summary>Revokes every token of a client.</summary>
    internal Task RevokeTokensOfAsync(string client) => Client.SendAsync(Url + "/revoke-all/", [("client", client)]);

    internal Task KillAsync() => _process!.KillAsync();
}
