namespace IntrospectionAuth;

/// <summary>How this API authenticates to the introspection endpoint (RFC 7662, section 2.1).</summary>
/// <remarks>
/// Each method is one file that adds a static member here. To add one of your own, derive from this class: a request gets exactly one method.
/// </remarks>
public abstract partial class ClientAuthenticationMethod
{
    // Filled by the static members of the other parts of this class. It has no initializer: the order of those across files is not defined.
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
    /// What stands for the method in cache keys: its name if nothing but the options decides what it sends; else this very object, so that two
    /// tenants' credentials never share an answer.
    /// </summary>
    internal string CacheIdentity { get; private set; }

    /// <summary>Gets whether the presented token itself is what authenticates the call, so that 401 says that the token is not active.</summary>
    /// <value>The default is <see langword="false"/>: 401 then means that this API's own credentials were refused, and the caller gets 503.</value>
    public virtual bool UsesPresentedToken => false;

    /// <summary>
    /// Whether a bearer token of this API's own authorizes the call: some servers refuse one that they have revoked with 403, so that it is
    /// obtained anew as after 401.
    /// </summary>
    internal virtual bool SendsOwnToken => false;

    /// <summary>Whether a client can obtain a token for itself with this method (RFC 6749, section 4.4).</summary>
    internal virtual bool AuthenticatesToTokenEndpoint => !UsesPresentedToken && !SendsOwnToken;

    /// <summary>Adds this API's credentials to the request.</summary>
    /// <param name="context">The request to complete.</param>
    /// <returns>A task that completes when the request is complete.</returns>
    /// <remarks>An exception makes the answer unavailable: the caller gets 503, and the log says why.</remarks>
    public abstract ValueTask AuthenticateAsync(ClientAuthenticationContext context);

    /// <summary>Says at startup what the method lacks in the options, each as one sentence with its remedy.</summary>
    /// <param name="options">The options of the scheme.</param>
    /// <returns>The faults; empty when there are none.</returns>
    public virtual IEnumerable<string> Validate(OAuthIntrospectionOptions options) => [];

    /// <summary>What every method that sends an id needs.</summary>
    private protected IEnumerable<string> RequireClientId(OAuthIntrospectionOptions options)
    {
        if (string.IsNullOrEmpty(options.ClientId))
            yield return $"ClientId is not set, but the client authentication method {Name} sends it. Set ClientId.";
    }

    /// <summary>What every method that sends an id and no secret needs.</summary>
    private protected IEnumerable<string> RequireClientIdAlone(OAuthIntrospectionOptions options)
    {
        foreach (string fault in RequireClientId(options))
            yield return fault;
        if (!string.IsNullOrEmpty(options.ClientSecret))
            yield return $"ClientSecret is set, but the client authentication method {Name} never sends it. Remove ClientSecret, or choose client_secret_basic or client_secret_post.";
    }

    /// <summary>Returns the name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public sealed override string ToString() => Name;

    internal static IEnumerable<string> Names => s_byName!.Keys.Order(StringComparer.Ordinal);

    internal static ClientAuthenticationMethod? Find(string name) => s_byName!.GetValueOrDefault(name);

    /// <summary>Makes a method known by its name; called by the static members only.</summary>
    private static ClientAuthenticationMethod Known(ClientAuthenticationMethod method)
    {
        (s_byName ??= new(StringComparer.Ordinal)).Add(method.Name, method);
        method.CacheIdentity = method.Name;
        return method;
    }
}
