using System.Globalization;

namespace IntrospectionAuth.Server;

/// <summary>
/// What identifies an authorization server, and this API as its client, in one instance of options: the one place that says which options
/// decide whether what is kept for the server (cache entries, the guard before it, the token of this API's own) is as good for other
/// options. A reload of configuration makes new ones, changed or not.
/// </summary>
/// <remarks>
/// It holds secrets, so it is a class and not a record, whose <c>ToString</c> would print them. A new option belongs into one of the three
/// lists, or into none: a test walks over every option.
/// </remarks>
internal sealed class ServerIdentity
{
    private readonly object?[] _guard,
        _token;
    private readonly string?[] _entries;

    // The parts of a cache key as they are in the options, for a comparison that costs a hit next to nothing.
    private readonly string? _endpoint,
        _authority,
        _clientId,
        _hint,
        _responseAudience,
        _tokenEndpoint,
        _tokenScope;
    private readonly bool _requiresHttps,
        _isSigned,
        _needsClientToken;
    private readonly ClientAuthenticationMethod _method,
        _tokenMethod;
    private readonly KeyValuePair<string, string>[] _parameters,
        _tokenParameters;
    private readonly string[] _signedAlgorithms;

    public ServerIdentity(OAuthIntrospectionOptions options)
    {
        _endpoint = options.IntrospectionEndpoint;
        _authority = options.Authority;
        _clientId = options.ClientId;
        _hint = options.TokenTypeHint;
        _responseAudience = options.SignedResponseAudience;
        _requiresHttps = options.RequireHttps;
        _isSigned = options.RequireSignedResponse;
        _method = options.ClientAuthenticationMethod;
        _signedAlgorithms = [.. options.SignedResponseAlgorithms];
        _parameters = [.. options.IntrospectionParameters];
        _needsClientToken = _method.NeedsClientToken;
        _tokenEndpoint = options.ClientCredentials.TokenEndpoint;
        _tokenScope = options.ClientCredentials.Scope;
        _tokenMethod = options.ClientCredentials.AuthenticationMethod;
        _tokenParameters = [.. options.ClientCredentials.Parameters];

        _entries = [.. EntryParts(options)];
        _guard = [.. GuardParts(options), .. ClientParts(options)];
        _token = [.. ClientParts(options)];
    }

    /// <summary>Everything that a response depends on, for cache keys.</summary>
    public ReadOnlySpan<string?> Entries => _entries;

    /// <summary>
    /// Whether the options are as they were. They should not be changed once they are used, but a response must not cross to another client
    /// or endpoint even then.
    /// </summary>
    /// <remarks>Other options than those that a response depends on are not looked at: what is changed in place there takes effect for what
    /// is kept with the next instance.</remarks>
    public bool IsCurrent(OAuthIntrospectionOptions options) =>
        ReferenceEquals(_endpoint, options.IntrospectionEndpoint)
        && ReferenceEquals(_authority, options.Authority)
        && ReferenceEquals(_clientId, options.ClientId)
        && ReferenceEquals(_hint, options.TokenTypeHint)
        && ReferenceEquals(_responseAudience, options.SignedResponseAudience)
        && _requiresHttps == options.RequireHttps
        && _isSigned == options.RequireSignedResponse
        && (!_isSigned || AreSame(_signedAlgorithms, options.SignedResponseAlgorithms))
        && ReferenceEquals(_method, options.ClientAuthenticationMethod)
        && AreSame(_parameters, options.IntrospectionParameters)
        && (!_needsClientToken || IsCurrent(options.ClientCredentials));

    /// <summary>
    /// Whether the guard before the server is as good for the other options: its circuit breaker, limit and <c>Retry-After</c>.
    /// </summary>
    public bool SharesGuardWith(ServerIdentity other) => AreSame(_guard, other._guard);

    /// <summary>Whether a token that was issued to this API itself is as good for the other options.</summary>
    public bool SharesTokenWith(ServerIdentity other) => AreSame(_token, other._token);

    private bool IsCurrent(OAuthIntrospectionClientCredentialsOptions options) =>
        ReferenceEquals(_tokenEndpoint, options.TokenEndpoint)
        && ReferenceEquals(_tokenScope, options.Scope)
        && ReferenceEquals(_tokenMethod, options.AuthenticationMethod)
        && AreSame(_tokenParameters, options.Parameters);

    private static IEnumerable<string?> EntryParts(OAuthIntrospectionOptions options)
    {
        // Where the endpoint is discovered, the issuer stands for it; when that moves, CachingIntrospector removes the entries of the old
        // one.
        bool isDiscovered = options.DiscoversEndpoint,
            isSigned = options.RequireSignedResponse;
        ClientAuthenticationMethod method = options.ClientAuthenticationMethod;
        return
        [
            isDiscovered ? null : options.IntrospectionEndpoint,
            isDiscovered || isSigned ? options.Authority : null,
            isDiscovered && !options.RequireHttps ? "http" : null, // what was answered over plain http does not serve where https is required
            options.ClientId,
            method.CacheIdentity,
            .. Counted(method.NeedsClientToken ? options.ClientCredentials.Parts : []),
            options.TokenTypeHint,
            .. Counted(
                options
                    .IntrospectionParameters.OrderBy(static it => it.Key, StringComparer.Ordinal)
                    .SelectMany(static it => new[] { it.Key, it.Value })
            ),
            // What was accepted unsigned, or from another signer or for another audience, does not serve where a signature is required.
            isSigned ? "signed" : null,
            isSigned ? options.ExpectedResponseAudience : null,
            .. Counted(isSigned ? options.SignedResponseAlgorithms : []),
        ];
    }

    private static IEnumerable<object?> GuardParts(OAuthIntrospectionOptions options) =>
        [
            options.IntrospectionEndpoint,
            options.RequireHttps,
            options.ClientAuthenticationMethod.Name, // not the object: one with a delegate may be made anew by each reload
            options.RequireSignedResponse,
            options.SignedResponseAudience,
            options.DecryptionKey,
            options.DecryptionKeyPath,
            options.DecryptionKeyPassword,
            .. Counted(options.SignedResponseAlgorithms),
            .. Counted(options.DecryptionAlgorithms),
            options.Timeout,
            options.Resilience.Enabled,
            options.Resilience.Retries,
            options.Resilience.BreakerFailureRatio,
            options.Resilience.BreakerMinimumCalls,
            options.Resilience.BreakerSamplingDuration,
            options.Resilience.BreakerPause,
            options.Resilience.MaximumConcurrentCalls,
            options.Resilience.MaximumWait,
        ];

    /// <summary>Who this API is, and how it proves that.</summary>
    private static IEnumerable<object?> ClientParts(OAuthIntrospectionOptions options) =>
        [
            options.Authority,
            options.ClientId,
            options.ClientSecret,
            options.ClientAssertionAudience,
            options.ClientAssertionType,
            options.SigningKey,
            options.SigningKeyPath,
            options.SigningKeyPassword,
            options.SigningKeyId,
            options.SigningAlgorithm,
            options.ClientCertificate,
            options.ClientCertificateChain,
            options.CertificatePath,
            options.CertificateKeyPath,
            options.CertificatePassword,
            options.TimeProvider,
            .. options.ClientCredentials.Parts,
        ];

    /// <summary>So that the parts of one list never pass for those of the next.</summary>
    private static IEnumerable<string?> Counted(IEnumerable<string?> parts)
    {
        string?[] all = [.. parts];
        return [all.Length.ToString(CultureInfo.InvariantCulture), .. all];
    }

    /// <summary>Text and numbers are compared by value; keys and certificates have to be the very same.</summary>
    private static bool AreSame(object?[] some, object?[] others)
    {
        if (some.Length != others.Length)
            return false;

        for (int i = 0; i < some.Length; i++)
        {
            bool isSame = some[i] is string or ValueType ? some[i]!.Equals(others[i]) : ReferenceEquals(some[i], others[i]);
            if (!isSame)
                return false;
        }

        return true;
    }

    private static bool AreSame(string[] some, IList<string> others)
    {
        if (some.Length != others.Count)
            return false;

        for (int i = 0; i < some.Length; i++)
        {
            if (some[i] != others[i])
                return false;
        }

        return true;
    }

    private static bool AreSame(KeyValuePair<string, string>[] some, IDictionary<string, string> others)
    {
        if (some.Length != others.Count)
            return false;

        foreach ((string name, string value) in some)
        {
            if (!others.TryGetValue(name, out string? other) || other != value)
                return false;
        }

        return true;
    }
}
