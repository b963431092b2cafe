namespace IntrospectionAuth.Servers.LemonLdap;

/// <summary>lemonldap-ng's portal, run by server.pl.</summary>
public sealed class LemonLdapServer : IAsyncLifetime
{
    /// <summary>The packages of Debian that the server needs.</summary>
    public const string Packages = "liblemonldap-ng-portal-perl libplack-perl libio-string-perl libstring-random-perl";

    /// <summary>A user whom the server knows, and the password.</summary>
    public const string User = "dwho";

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

        _process = await ServerProcess.StartScriptAsync("/usr/bin/perl", "LemonLdap/server.pl");
        _client = new TokenClient(Url + "/oauth2/token", "", "app", "app-secret"); // the server has no revocation endpoint
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
            ["Authority"] = Url,
            ["ClientAuthenticationMethod"] = method,
            ["ClientId"] = "api",
            ["ClientSecret"] = "api-secret",
        };
        foreach ((string name, string value) in further)
            settings[name] = value;
        return settings;
    }

    /// <summary>Obtains a token of <see cref="User"/>.</summary>
    internal Task<IssuedTokens> IssueAsync(string scope) => Client.IssueAsync("openid " + scope, User, User);

    internal Task KillAsync() => _process!.KillAsync();
}
