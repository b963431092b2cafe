using IntrospectionAuth.ClientAuthentication;

namespace IntrospectionAuth;

/// <summary>How this API authenticates to the introspection endpoint (RFC 7662, section 2.1).</summary>
/// <remarks>
/// Each built-in method is one file that adds a static member to this class. For a method of your own, derive from this class.
/// </remarks>
public abstract partial class ClientAuthenticationMethod
{
    // Filled by the static members in the other files. It has no initializer, because the order of initializers across files is undefined.
    private static Dictionary<string, ClientAuthenticationMethod>? s_byName;

    /// <summary>Initializes a method.</summary>
    /// <param name="name">The name, from the IANA registry of token endpoint authentication methods where it is listed (RFC 7591).</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    protected ClientAuthenticationMethod(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        CacheIdentity = $"{name} {Guid.NewGuid()}";
    }

    /// <summary>Gets the name by which configuration selects the method.</summary>
    public string Name { get; }

    /// <summary>
    /// Identifies the method in cache keys: by its name if the options alone decide what it sends, otherwise uniquely, so that the
    /// credentials of two tenants never share a response.
    /// </summary>
    internal string CacheIdentity { get; private set; }

    /// <summary>Gets whether the presented token itself authenticates the call, so that 401 means that the token is inactive.</summary>
    /// <value>The default is <see langword="false"/>: 401 means that this API's credentials were rejected, and the caller gets 503.</value>
    public virtual bool UsesPresentedToken => false;

    /// <summary>
    /// Whether a bearer token of this API authorizes the call. Some servers reject a revoked one with 403, so it is renewed as after 401.
    /// </summary>
    internal virtual bool SendsOwnToken => false;

    /// <summary>Whether a client can obtain a token for itself with this method (RFC 6749, section 4.4).</summary>
    internal virtual bool AuthenticatesToTokenEndpoint => !UsesPresentedToken && !SendsOwnToken;

    /// <summary>Whether assertions may be signed, for the introspection endpoint or for the token endpoint.</summary>
    internal bool MaySignAssertions(OAuthIntrospectionOptions options) =>
        MaySign || (NeedsClientToken && options.ClientCredentials.AuthenticationMethod.MaySign);

    /// <summary>
    /// Whether the method signs assertions. One of the application's own may do so; the built-in ones are nested in this class.
    /// </summary>
    private bool MaySign =>
        this is PrivateKeyJwtMethod or ClientSecretJwtMethod || GetType().DeclaringType != typeof(ClientAuthenticationMethod);

    /// <summary>
    /// Whether the method only copies what the options and the request have. It cannot block, so it needs no thread of its own: see
    /// <see cref="ApplicationCode"/>.
    /// </summary>
    internal virtual bool OnlyCopies => false;

    /// <summary>Adds this API's credentials to the request.</summary>
    /// <param name="context">The request to complete.</param>
    /// <returns>A task that completes when the request is complete.</returns>
    /// <remarks>If it throws, the caller gets 503, and the exception is logged.</remarks>
    public abstract ValueTask AuthenticateAsync(ClientAuthenticationContext context);

    /// <summary>Finds at startup what the method lacks in the options. Each fault is one sentence that includes its remedy.</summary>
    /// <param name="options">The options of the scheme.</param>
    /// <returns>The faults; empty when there are none.</returns>
    public virtual IEnumerable<string> Validate(OAuthIntrospectionOptions options) => [];

    private protected IEnumerable<string> RequireClientId(OAuthIntrospectionOptions options)
    {
        if (string.IsNullOrEmpty(options.ClientId))
            yield return $"ClientId is not set, but the client authentication method {Name} sends it. Set ClientId.";
    }

    private protected IEnumerable<string> RequireClientIdAlone(OAuthIntrospectionOptions options)
    {
        foreach (string fault in RequireClientId(options))
            yield return fault;
        if (!string.IsNullOrEmpty(options.ClientSecret))
        {
            yield return $"ClientSecret is set, but the client authentication method {Name} never sends it. Remove ClientSecret, or choose "
                + "client_secret_basic or client_secret_post.";
        }
    }

    /// <summary>Returns the name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public sealed override string ToString() => Name;

    internal static IEnumerable<string> Names => s_byName!.Keys.Order(StringComparer.Ordinal);

    internal static ClientAuthenticationMethod? Find(string name) => s_byName!.GetValueOrDefault(name);

    /// <summary>Registers a method by its name. Only the static members call it.</summary>
    private static ClientAuthenticationMethod Known(ClientAuthenticationMethod method)
    {
        (s_byName ??= new(StringComparer.Ordinal)).Add(method.Name, method);
        method.CacheIdentity = method.Name;
        return method;
    }
}
