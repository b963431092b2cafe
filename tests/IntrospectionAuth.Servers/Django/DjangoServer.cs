namespace IntrospectionAuth.Servers.Django;

/// <summary>django-oauth-toolkit, run by server.py.</summary>
public sealed class DjangoServer() : ScriptServer(Packages, "/usr/bin/python3", "Django/server.py")
{
    /// <summary>The packages of Debian that the server needs.</summary>
    public const string Packages = "python3-django-oauth-toolkit";

    private protected override string TokenPath => "/o/token/";

    private protected override string RevocationPath => "/o/revoke_token/";

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
}
