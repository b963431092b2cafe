namespace IntrospectionAuth;

/// <summary>
/// Members of this API's protected resource metadata (RFC 9728, section 2), in addition to
/// <see cref="OAuthIntrospectionOptions.Resource"/>.
/// </summary>
/// <remarks>The metadata is public. A member without a value is omitted. Each of these options needs <c>Resource</c>.</remarks>
public sealed class OAuthIntrospectionResourceMetadataOptions
{
    /// <summary>Gets the issuers of the tokens that this API accepts (<c>authorization_servers</c>).</summary>
    /// <value>
    /// Empty by default: <see cref="OAuthIntrospectionOptions.Authority"/>, if it is set. Absolute <c>https</c> URLs without query or
    /// fragment; <c>http</c> only on a loopback host, or if <see cref="OAuthIntrospectionOptions.RequireHttps"/> is
    /// <see langword="false"/>.
    /// </value>
    /// <remarks>
    /// Clients read the metadata of these servers, and compare the issuer character by character (RFC 8414, section 3.3).
    /// </remarks>
    public IList<string> AuthorizationServers { get; } = [];

    /// <summary>Gets the scopes that a client may request for this API (<c>scopes_supported</c>).</summary>
    /// <value>Empty by default. A value may contain several scopes, separated by spaces. No empty values.</value>
    public IList<string> ScopesSupported { get; } = [];

    /// <summary>Gets or sets whether the scopes that this API's endpoints require are added to <see cref="ScopesSupported"/>.</summary>
    /// <value>
    /// The default is <see langword="false"/>: the metadata does not disclose which scopes, for example, administrators' endpoints require.
    /// </value>
    /// <remarks>
    /// The scopes of all endpoints that accept tokens of this scheme are found, in any policy. Scopes of hub methods, and of code that
    /// authorizes by itself, are not.
    /// </remarks>
    public bool CollectScopes { get; set; }

    /// <summary>Gets or sets the display name of this API (<c>resource_name</c>).</summary>
    /// <value>The default is <see langword="null"/>: none.</value>
    public string? ResourceName { get; set; }

    /// <summary>Gets or sets the URL of a page for developers who use this API (<c>resource_documentation</c>).</summary>
    /// <value>The default is <see langword="null"/>: none. An absolute <c>https</c> or <c>http</c> URL.</value>
    public string? ResourceDocumentation { get; set; }

    /// <summary>
    /// Gets additional members whose value is a string: <c>resource_policy_uri</c>, <c>resource_tos_uri</c>, <c>resource_name#fr</c>.
    /// </summary>
    /// <value>
    /// Empty by default. Members that the metadata always has, such as <c>resource</c>, are an error at startup. No empty values.
    /// </value>
    public IDictionary<string, string> Members { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal bool IsEmpty =>
        AuthorizationServers.Count == 0
        && ScopesSupported.Count == 0
        && !CollectScopes
        && ResourceName is null
        && ResourceDocumentation is null
        && Members.Count == 0;
}
