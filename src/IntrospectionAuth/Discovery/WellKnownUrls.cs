namespace IntrospectionAuth.Discovery;

/// <summary>The URLs at which an issuer may publish its metadata.</summary>
internal static class WellKnownUrls
{
    private const string OpenIdConfiguration = "/.well-known/openid-configuration";
    private const string AuthorizationServer = "/.well-known/oauth-authorization-server";

    /// <returns>The URLs in the order in which they are tried: the most common form first.</returns>
    public static Uri[] Of(string issuer)
    {
        var url = new Uri(issuer);
        string host = url.GetLeftPart(UriPartial.Authority);
        string path = url.AbsolutePath.TrimEnd('/'); // RFC 8414, section 3.1: a slash at the end is removed first.

        return path.Length == 0
            ? [new(host + OpenIdConfiguration), new(host + AuthorizationServer)]
            :
            [
                new(host + path + OpenIdConfiguration), // OpenID Connect Discovery 1.0, section 4.1
                new(host + AuthorizationServer + path), // RFC 8414, section 3.1
                new(host + OpenIdConfiguration + path), // RFC 8414, section 5
            ];
    }
}
