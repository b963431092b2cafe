namespace IntrospectionAuth;

/// <summary>Options of the endpoint that receives logout tokens (OpenID Connect Back-Channel Logout 1.0).</summary>
public sealed class BackChannelLogoutOptions
{
    /// <summary>Gets or sets the path of the endpoint.</summary>
    /// <value>The default is <c>/backchannel-logout</c>.</value>
    public string Path { get; set; } = "/backchannel-logout";

    /// <summary>Gets or sets the name of the scheme whose authorization server sends the logout tokens.</summary>
    /// <value>The default is <see langword="null"/>: the only scheme that <c>AddOAuthIntrospection</c> added.</value>
    /// <remarks>The scheme needs <see cref="OAuthIntrospectionOptions.Authority"/>, which names the issuer and leads to its keys.</remarks>
    public string? AuthenticationScheme { get; set; }

    /// <summary>Gets the ids of the clients for which logout tokens are accepted.</summary>
    /// <value>Empty by default: <see cref="OAuthIntrospectionOptions.ClientId"/> of the scheme. The comparison is ordinal.</value>
    /// <remarks>
    /// An authorization server sends a logout token to the client through which the user logged in, and its <c>aud</c> is that client. List
    /// the clients whose <c>backchannel_logout_uri</c> is this endpoint.
    /// </remarks>
    public IList<string> ClientIds { get; } = [];
}
