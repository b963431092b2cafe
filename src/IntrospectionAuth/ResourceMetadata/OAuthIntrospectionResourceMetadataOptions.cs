namespace IntrospectionAuth;

/// <summary>What this API says about itself in its protected resource metadata (RFC 9728, section 2), beside <see cref="OAuthIntrospectionOptions.Resource"/>.</summary>
/// <remarks>It is public: anybody may read it. A member without a value is left out.</remarks>
public sealed class OAuthIntrospectionResourceMetadataOptions
{
    /// <summary>Gets the issuers of the authorization servers whose tokens this API accepts (<c>authorization_servers</c>).</summary>
    /// <value>
    /// Empty by default: <see cref="OAuthIntrospectionOptions.Authority"/> stands for them, if it is set. Absolute <c>https</c> URLs, without query or fragment; <c>http</c> only
    /// on a loopback host, or if <see cref="OAuthIntrospectionOptions.RequireHttps"/> is off.
    /// </value>
    /// <remarks>Clients look for the metadata of these servers, and compare the issuer character by character (RFC 8414, section 3.3).</remarks>
    public IList<string> AuthorizationServers { get; } = [];

    /// <summary>Gets the scopes that a client may ask for to use this API (<c>scopes_supported</c>).</summary>
    /// <value>Empty by default. One string may hold several, separated by spaces.</value>
    public IList<string> ScopesSupported { get; } = [];

    /// <summary>Gets or sets whether the scopes that this API's endpoints require are added to <see cref="ScopesSupported"/>.</summary>
    /// <value>The default is <see langword="false"/>: which scopes open an administrator's endpoints is not told to everybody unasked.</value>
    /// <remarks>Those of endpoints that take tokens of this scheme are found, whatever policy names them. Those of hub methods, and of code that authorizes by itself, are not.</remarks>
    public bool CollectScopes { get; set; }

    /// <summary>Gets or sets the name of this API for people (<c>resource_name</c>).</summary>
    /// <value>The default is <see langword="null"/>: there is none.</value>
    public string? ResourceName { get; set; }

    /// <summary>Gets or sets the URL of a page for developers who use this API (<c>resource_documentation</c>).</summary>
    /// <value>The default is <see langword="null"/>: there is none. An absolute <c>https</c> or <c>http</c> URL.</value>
    public string? ResourceDocumentation { get; set; }

    /// <summary>Gets further members whose value is a string: <c>resource_policy_uri</c>, <c>resource_tos_uri</c>, <c>resource_name#fr</c>.</summary>
    /// <value>Empty by default. Members that the metadata has anyway are refused at startup.</value>
    public IDictionary<string, string> Members { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether nothing is set.</summary>
    internal bool IsEmpty =>
        AuthorizationServers.Count == 0
        && ScopesSupported.Count == 0
        && !CollectScopes
        && ResourceName is null
        && ResourceDocumentation is null
        && Members.Count == 0;
}
