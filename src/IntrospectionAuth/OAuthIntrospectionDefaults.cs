namespace IntrospectionAuth;

/// <summary>Default values of the OAuth 2.0 token introspection handler.</summary>
public static class OAuthIntrospectionDefaults
{
    /// <summary>The name of the authentication scheme when none is given: <c>OAuthIntrospection</c>.</summary>
    /// <remarks>This is the name inside the application. The challenge that callers see is always <c>Bearer</c> (RFC 6750).</remarks>
    public const string AuthenticationScheme = "OAuthIntrospection";

    /// <summary>Gets the name of the <see cref="HttpClient"/> that a scheme uses to call its authorization server.</summary>
    /// <param name="scheme">The authentication scheme.</param>
    /// <returns>The name to pass to <c>services.AddHttpClient(…)</c> in order to add a proxy, a client certificate or a handler.</returns>
    /// <remarks>
    /// Configure it after <c>AddOAuthIntrospection</c>. A primary handler that replaces the built-in one is then responsible for
    /// not following redirects and not keeping cookies.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="scheme"/> is null or empty.</exception>
    public static string GetHttpClientName(string scheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        return "IntrospectionAuth." + scheme;
    }
}
