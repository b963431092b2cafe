namespace IntrospectionAuth;

/// <summary>Default values of the OAuth 2.0 token introspection handler.</summary>
public static class OAuthIntrospectionDefaults
{
    /// <summary>The default name of the authentication scheme: <c>OAuthIntrospection</c>.</summary>
    /// <remarks>This is the name inside the application. The challenge that callers see is always <c>Bearer</c> (RFC 6750).</remarks>
    public const string AuthenticationScheme = "OAuthIntrospection";

    /// <summary>The name of the <see cref="HttpClient"/> that polls for security events.</summary>
    /// <remarks>
    /// Pass it to <c>services.AddHttpClient(…)</c> in order to add a proxy, a client certificate or a handler that sends a token.
    /// </remarks>
    public const string SecurityEventPollerHttpClientName = "IntrospectionAuthSecurityEventPoller"; // not a scheme's: no dot

    /// <summary>The prefix of the client names of all schemes.</summary>
    internal const string HttpClientPrefix = "IntrospectionAuth.";

    /// <summary>The path below which clients find the metadata of a resource (RFC 9728, section 3).</summary>
    internal const string ResourceMetadataPath = "/.well-known/oauth-protected-resource";

    /// <summary>Gets the name of the <see cref="HttpClient"/> that a scheme uses to call its authorization server.</summary>
    /// <param name="scheme">The authentication scheme.</param>
    /// <returns>The name to pass to <c>services.AddHttpClient(…)</c> in order to add a proxy, a client certificate or a handler.</returns>
    /// <remarks>
    /// A primary handler of type <see cref="SocketsHttpHandler"/> or <see cref="HttpClientHandler"/> must not be shared with another
    /// client. It is changed to follow no redirects, keep no cookies, decompress nothing, open at most 64 connections unless you set a
    /// number, and use no proxy for a loopback host. A primary handler of another type must do this itself. Resilience handlers that the
    /// application adds to all clients are removed from this one.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="scheme"/> is null or empty.</exception>
    public static string GetHttpClientName(string scheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        return HttpClientPrefix + scheme;
    }

    /// <returns>The scheme whose HTTP client has this name; null for any other client.</returns>
    internal static string? FindScheme(string? httpClientName) =>
        httpClientName?.Length > HttpClientPrefix.Length && httpClientName.StartsWith(HttpClientPrefix, StringComparison.Ordinal)
            ? httpClientName[HttpClientPrefix.Length..]
            : null;
}
