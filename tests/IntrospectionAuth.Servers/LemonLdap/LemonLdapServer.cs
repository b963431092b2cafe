namespace IntrospectionAuth.Servers.LemonLdap;

/// <summary>lemonldap-ng's portal, run by server.pl.</summary>
public sealed class LemonLdapServer() : ScriptServer(Packages, "/usr/bin/perl", "LemonLdap/server.pl")
{
    /// <summary>The packages of Debian that the server needs.</summary>
    public const string Packages = "liblemonldap-ng-portal-perl libplack-perl libio-string-perl libstring-random-perl";

    /// <summary>A user whom the server knows, and the password.</summary>
    public const string User = "dwho";

    private protected override string TokenPath => "/oauth2/token";

    private protected override string RevocationPath => "";

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
}
