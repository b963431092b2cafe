namespace IntrospectionAuth;

/// <summary>Default values of the OAuth 2.0 token introspection handler.</summary>
public static class OAuthIntrospectionDefaults
{
    /// <summary>The name of the authentication scheme when none is given: <c>OAuthIntrospection</c>.</summary>
    /// <remarks>This is the name inside the application. The challenge that callers see is always <c>Bearer</c> (RFC 6750).</remarks>
    public const string AuthenticationScheme = "OAuthIntrospection";

    /// <summary>Begins the names of all schemes' clients, and is the name of none.</summary>
    internal const string HttpClientPrefix = "IntrospectionAuth.";

    /// <summary>Gets the name of the <see cref="HttpClient"/> that a scheme uses to call its authorization server.</summary>
    /// <param name="scheme">The authentication scheme.</param>
    /// <returns>The name to pass to <c>services.AddHttpClient(…)</c> in order to add a proxy, a client certificate or a handler.</returns>
    /// <remarks>
    /// A <see cref="SocketsHttpHandler"/> or <see cref="HttpClientHandler"/> of your own, shared with no other client, is made to follow no
    /// redirects, keep no cookies, decompress nothing, open at most 64 connections unless you set a number, and use no proxy for a loopback
    /// host.
    /// A primary handler of another type must see to that itself. Resilience handlers that are set up for all clients are left out of this
    /// one.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="scheme"/> is null or empty.</exception>
    public static string GetHttpClientName(string scheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        return HttpClientPrefix + scheme;
    }

    /// <returns>The scheme whose HTTP client has this name; null when it is another client.</returns>
    internal static string? FindScheme(string? httpClientName) =>
        httpClientName?.Length > HttpClientPrefix.Length && httpClientName.StartsWith(HttpClientPrefix, StringComparison.Ordinal)
            ? httpClientName[HttpClientPrefix.Length..]
            : null;
}
