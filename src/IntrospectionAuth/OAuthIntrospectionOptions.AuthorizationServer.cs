namespace IntrospectionAuth;

/// <content>The authorization server and how it is called.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets the issuer of the authorization server, exactly as in its metadata.</summary>
    /// <value>
    /// The default is <see langword="null"/>. An absolute <c>https</c> URL without query, fragment or user information; <c>http</c> only on
    /// a loopback host, or if <see cref="RequireHttps"/> is <see langword="false"/>.
    /// </value>
    /// <remarks>
    /// <para>
    /// If <see cref="IntrospectionEndpoint"/> is not set, it is discovered: the handler reads the server's metadata at the well-known URLs
    /// of OpenID Connect Discovery 1.0 and RFC 8414 on first use, and again after 12 hours. The <c>issuer</c> in it must equal this value
    /// character by character, including a trailing slash (RFC 8414, section 3.3). Until metadata is found, callers get 503.
    /// </para>
    /// <para>
    /// An <c>iss</c> in a response must equal this value character by character, unless <see cref="ValidIssuers"/> lists other issuers.
    /// This also applies if <see cref="IntrospectionEndpoint"/> is set. A provider preset sets both, so nothing is discovered.
    /// </para>
    /// </remarks>
    public string? Authority { get; set; }

    /// <summary>Gets or sets the URL of the introspection endpoint (RFC 7662, section 2).</summary>
    /// <value>
    /// The default is <see langword="null"/>: discovered from <see cref="Authority"/>. An absolute <c>https</c> URL without user
    /// information or fragment; <c>http</c> only on a loopback host, or if <see cref="RequireHttps"/> is <see langword="false"/>.
    /// </value>
    public string? IntrospectionEndpoint { get; set; }

    /// <summary>Gets or sets whether every URL of the scheme must be https.</summary>
    /// <value>
    /// The default is <see langword="true"/>: http is accepted on a loopback host only; any other http URL is an error at startup.
    /// </value>
    /// <remarks>
    /// <para>
    /// Over plain http, tokens and the credentials of this API cross the network unencrypted, and anyone on that network can respond in the
    /// server's place (RFC 7662, section 4). Set it to <see langword="false"/> only where something else protects that network: a service
    /// mesh that encrypts, a sidecar, containers on one host.
    /// </para>
    /// <para>
    /// It applies to the URLs of the authorization server, including those in its metadata, and to <see cref="Resource"/>. A warning names
    /// the hosts at startup and whenever they change.
    /// </para>
    /// </remarks>
    public bool RequireHttps { get; set; } = true;

    /// <summary>Gets or sets the time limit for a call to the authorization server, including the wait for a turn and retries.</summary>
    /// <value>The default is 5 seconds. More than 0 and at most 5 minutes.</value>
    /// <remarks>After this time, the caller gets 503 with <c>Retry-After</c>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Timeout
    {
        get;
        set => field = OptionValue.MoreThanZero(value, TimeSpan.FromMinutes(5));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the <c>token_type_hint</c> of the introspection request (RFC 7662, section 2.1).</summary>
    /// <value>The default is <c>access_token</c>. <see langword="null"/> or an empty string sends no hint.</value>
    public string? TokenTypeHint { get; set; } = "access_token";

    /// <summary>Gets additional form parameters of the introspection request.</summary>
    /// <value>
    /// Empty by default. Parameters that the handler or a client authentication method sends, such as <c>token</c> or <c>client_id</c>, are
    /// an error at startup.
    /// </value>
    public IDictionary<string, string> IntrospectionParameters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Gets the status codes by which the authorization server reports an unknown token, if it does not respond with <c>"active":
    /// false</c>.
    /// </summary>
    /// <value>
    /// Empty by default: only a response with status 200 says whether a token is active. The values can be 400, 401, 403, 404, 410 and 422.
    /// </value>
    /// <remarks>
    /// <para>
    /// Such a response counts as inactive (401 <c>invalid_token</c>) once the server has responded with 200 to the same credentials of this
    /// API. Until then, callers get 503. A new token or key of this API starts over. A body that says <c>invalid_client</c>
    /// always means that the credentials are rejected.
    /// </para>
    /// <para>
    /// RFC 7662, section 2.2 requires status 200 for an unknown token. With 401 or 403 here, a server that stops accepting this API's
    /// credentials without saying so in the body makes every token look inactive. A log message and the health check report it.
    /// </para>
    /// </remarks>
    public IList<int> InactiveStatusCodes { get; } = [];

    /// <summary>Gets or sets the length of the longest response that is read from the authorization server, in bytes.</summary>
    /// <value>The default is 262,144. From 1 to 16,777,216. A longer response is unusable: callers get 503.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaximumResponseLength
    {
        get;
        set => field = OptionValue.Between(value, 1, 16 * 1024 * 1024);
    } = 256 * 1024;

    /// <summary>Whether the introspection endpoint is discovered.</summary>
    internal bool DiscoversEndpoint => Authority is not null && string.IsNullOrWhiteSpace(IntrospectionEndpoint);

    /// <summary>Whether the server's metadata is needed: for its endpoint or its keys.</summary>
    internal bool NeedsMetadata => RequireSignedResponse || DiscoversEndpoint;
}
