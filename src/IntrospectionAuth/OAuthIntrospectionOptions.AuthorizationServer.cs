namespace IntrospectionAuth;

/// <content>The authorization server and how it is called.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets the issuer of the authorization server, from which its introspection endpoint is discovered when <see cref="IntrospectionEndpoint"/> is not set.</summary>
    /// <value>
    /// The default is <see langword="null"/>. An absolute <c>https</c> URL without query, fragment or user information; <c>http</c> only on
    /// a
    /// loopback host, or if <see cref="RequireHttps"/> is off.
    /// </value>
    /// <remarks>
    /// <para>
    /// The server's metadata is looked for at the well-known URLs of OpenID Connect Discovery 1.0 and RFC 8414, when it is first needed, and again after 12 hours. Its
    /// <c>issuer</c> must equal this value character by character, a slash at the end included (RFC 8414, section 3.3). While none is found, callers get 503.
    /// </para>
    /// <para>
    /// A response that has an <c>iss</c> is accepted only if it is this value, character by character, whether the endpoint is discovered
    /// or not, unless <see cref="ValidIssuers"/> says otherwise. A provider preset sets both this and the endpoint, and nothing is
    /// discovered.
    /// </para>
    /// </remarks>
    public string? Authority { get; set; }

    /// <summary>Gets or sets the URL of the introspection endpoint (RFC 7662, section 2).</summary>
    /// <value>
    /// The default is <see langword="null"/>: it is discovered from <see cref="Authority"/>. An absolute <c>https</c> URL without user
    /// information
    /// or fragment; <c>http</c> only on a loopback host, or if <see cref="RequireHttps"/> is off.
    /// </value>
    public string? IntrospectionEndpoint { get; set; }

    /// <summary>
    /// Gets or sets whether every URL of the scheme must be https: of the authorization server, and of <see cref="Resource"/>.
    /// </summary>
    /// <value>
    /// The default is <see langword="true"/>: http is accepted on a loopback host only, and elsewhere it stops the application at startup.
    /// </value>
    /// <remarks>
    /// Over plain http, tokens and the credentials of this API cross the network unencrypted, and anyone on that network can answer in the
    /// server's
    /// place (RFC 7662, section 4). Set it to <see langword="false"/> only where something else protects that network: a service mesh that
    /// encrypts
    /// by itself, a sidecar, containers on one host. It then holds for the URLs that the server's metadata names, too. A Warning names the
    /// hosts,
    /// at startup and when they change.
    /// </remarks>
    public bool RequireHttps { get; set; } = true;

    /// <summary>Gets or sets the longest time that asking the authorization server may take, waiting for a turn, slow answers and repetitions included.</summary>
    /// <value>The default is 5 seconds. More than zero, at most 5 minutes.</value>
    /// <remarks>When it has passed, the caller gets 503 with <c>Retry-After</c>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero, negative or longer than 5 minutes.</exception>
    public TimeSpan Timeout
    {
        get;
        set => field = OptionValue.MoreThanZero(value, TimeSpan.FromMinutes(5));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the <c>token_type_hint</c> of the introspection request (RFC 7662, section 2.1).</summary>
    /// <value>The default is <c>access_token</c>. <see langword="null"/> or an empty string sends no hint.</value>
    public string? TokenTypeHint { get; set; } = "access_token";

    /// <summary>Gets additional form parameters of the introspection request.</summary>
    /// <value>Empty by default. Parameters that the handler or a client authentication method sets itself are refused at startup.</value>
    public IDictionary<string, string> IntrospectionParameters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Gets the statuses by which the authorization server says that it does not know a token, where it does not answer <c>"active":
    /// false</c>.
    /// </summary>
    /// <value>
    /// Empty by default: only a response with status 200 says whether a token is active. From 400, 401, 403, 404, 410 and 422.
    /// </value>
    /// <remarks>
    /// <para>
    /// Such a status counts as inactive (401 <c>invalid_token</c>) once the server has given the same credentials of this API an active or
    /// inactive response; before that, callers get 503.
    /// A token or key that this API obtains anew begins without that. A body that names the client (<c>invalid_client</c>) is a refusal of
    /// the credentials whatever this says.
    /// </para>
    /// <para>
    /// RFC 7662, section 2.2, has servers answer 200. With 401 or 403 here, a server that no longer accepts this API's credentials, and
    /// does not say so in the body, has every token refused:
    /// a log message and the health check draw attention to it.
    /// </para>
    /// </remarks>
    public IList<int> InactiveStatusCodes { get; } = [];

    /// <summary>Gets or sets the size of the longest answer that is read from the authorization server, in bytes.</summary>
    /// <value>The default is 262,144 (256 KiB). From 1 to 16,777,216 (16 MiB). A longer answer is no answer.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaximumResponseLength
    {
        get;
        set => field = OptionValue.Between(value, 1, 16 * 1024 * 1024);
    } = 256 * 1024;

    /// <summary>Whether the introspection endpoint is discovered.</summary>
    internal bool DiscoversEndpoint => Authority is not null && string.IsNullOrWhiteSpace(IntrospectionEndpoint);

    /// <summary>Whether the server's metadata is looked for: for its endpoint, or for its keys.</summary>
    internal bool NeedsMetadata => RequireSignedResponse || DiscoversEndpoint;
}
