namespace IntrospectionAuth;

/// <summary>
/// How this API obtains a bearer token for itself, which it sends with introspection requests: the client credentials grant (RFC 6749,
/// section 4.4).
/// </summary>
/// <remarks>Only for <see cref="ClientAuthenticationMethod.ClientCredentials"/>.</remarks>
public sealed class OAuthIntrospectionClientCredentialsOptions
{
    /// <summary>Gets or sets the URL of the token endpoint (RFC 6749, section 3.2).</summary>
    /// <value>
    /// The default is <see langword="null"/>: discovered together with the introspection endpoint. Required if
    /// <see cref="OAuthIntrospectionOptions.IntrospectionEndpoint"/> is set. An absolute <c>https</c> URL without user information or
    /// fragment; <c>http</c> only on a loopback host, or if <see cref="OAuthIntrospectionOptions.RequireHttps"/> is
    /// <see langword="false"/>.
    /// </value>
    public string? TokenEndpoint { get; set; }

    /// <summary>Gets or sets the requested scope (RFC 6749, section 3.3).</summary>
    /// <value>The default is <see langword="null"/>: none is sent, and the server decides. Several are separated by one space.</value>
    public string? Scope { get; set; }

    /// <summary>Gets or sets how this API authenticates to the token endpoint (RFC 6749, section 3.2.1).</summary>
    /// <value>
    /// The default is <c>client_secret_basic</c>. Any method except <c>none</c>, <c>presented_token</c>, <c>bearer</c> and
    /// <c>client_credentials</c>. The secret, key or certificate is that of the scheme.
    /// </value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ClientAuthenticationMethod AuthenticationMethod
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = ClientAuthenticationMethod.ClientSecretBasic;

    /// <summary>Gets additional form parameters of the token request, such as <c>resource</c> (RFC 8707) or <c>audience</c>.</summary>
    /// <value>
    /// Empty by default. Parameters that the handler or a client authentication method sends, such as <c>grant_type</c> or <c>scope</c>,
    /// are an error at startup. No empty values.
    /// </value>
    public IDictionary<string, string> Parameters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal bool IsEmpty =>
        TokenEndpoint is null
        && Scope is null
        && AuthenticationMethod == ClientAuthenticationMethod.ClientSecretBasic
        && Parameters.Count == 0;
}
