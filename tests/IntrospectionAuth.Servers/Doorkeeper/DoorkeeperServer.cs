namespace IntrospectionAuth.Servers.Doorkeeper;

/// <summary>Doorkeeper in a Rails application, run by server.rb.</summary>
public sealed class DoorkeeperServer() : ScriptServer(Packages, "/usr/bin/ruby", "Doorkeeper/server.rb")
{
    /// <summary>The packages of Debian that the server needs.</summary>
    public const string Packages = "ruby-doorkeeper ruby-rails ruby-sqlite3 puma";

    private protected override string TokenPath => "/oauth/token";

    private protected override string RevocationPath => "/oauth/revoke";

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
}
