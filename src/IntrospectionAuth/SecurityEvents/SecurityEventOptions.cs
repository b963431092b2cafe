namespace IntrospectionAuth;

/// <summary>Whose security event tokens (RFC 8417) are accepted, however they are delivered.</summary>
public abstract class SecurityEventOptions
{
    private protected SecurityEventOptions() { }

    /// <summary>Gets or sets the name of the scheme whose HTTP client, clock and <c>Authority</c> apply.</summary>
    /// <value>The default is <see langword="null"/>: the only scheme that <c>AddOAuthIntrospection</c> added.</value>
    /// <remarks>Entries are removed in every scheme.</remarks>
    public string? AuthenticationScheme { get; set; }

    /// <summary>Gets or sets the issuer of the tokens (<c>iss</c>): the transmitter.</summary>
    /// <value>
    /// The default is <see langword="null"/>: <see cref="OAuthIntrospectionOptions.Authority"/> of the scheme. Another issuer needs
    /// <see cref="KeysUrl"/>.
    /// </value>
    public string? Issuer { get; set; }

    /// <summary>Gets or sets the URL of the transmitter's keys: the <c>jwks_uri</c> of its metadata.</summary>
    /// <value>
    /// The default is <see langword="null"/>: the <c>jwks_uri</c> of the scheme's authorization server. An absolute <c>https</c> URL;
    /// <c>http</c> only on a loopback host, or if <see cref="OAuthIntrospectionOptions.RequireHttps"/> is <see langword="false"/>.
    /// </value>
    public string? KeysUrl { get; set; }

    /// <summary>Gets the names of this API in the tokens (<c>aud</c>). One of them must be there.</summary>
    /// <value>Empty by default, which is an error at startup.</value>
    public IList<string> Audiences { get; } = [];

    /// <summary>Gets or sets the <c>state</c> that you sent when you requested a verification event (SSF 1.0, section 8.1.4).</summary>
    /// <value>The default is <see langword="null"/>: any.</value>
    /// <remarks>A verification event without a <c>state</c>, which transmitters send on their own, is always accepted.</remarks>
    public string? VerificationState { get; set; }
}
