namespace IntrospectionAuth.Server;

/// <summary>
/// Identifies an authorization server and this API as its client, by the values of one instance of options. It decides whether state of
/// the server is kept when other options take effect: cache entries, the guard, and the token of this API itself.
/// </summary>
/// <remarks>
/// Each option that matters is declared once, in one of three lists: <see cref="AddResponseParts"/>, <see cref="GuardParts"/> or
/// <see cref="ClientParts"/>. A test changes every option and compares the effect. The class holds secrets, so it is not a record, whose
/// <c>ToString</c> would print them.
/// </remarks>
internal sealed class ServerIdentity
{
    private readonly string?[] _responseParts;
    private readonly object?[] _guardParts,
        _clientParts;

    private readonly string? _authority;
    private readonly bool _requiresHttps;

    public ServerIdentity(OAuthIntrospectionOptions options)
    {
        var parts = CacheKeyParts.Collect();
        AddResponseParts(ref parts, options);
        _responseParts = parts.ToArray();
        _guardParts = GuardParts(options);
        _clientParts = ClientParts(options);
        _authority = options.Authority;
        _requiresHttps = options.RequireHttps;
    }

    /// <summary>Everything that a response depends on, for cache keys.</summary>
    public ReadOnlySpan<string?> Entries => _responseParts;

    /// <summary>Whether the options still name the same server, and a response still depends on the same values.</summary>
    /// <remarks>
    /// Options in use must not be changed. If they are, neither a response nor what is known about a server crosses to another server or
    /// client. Changes of other options in place take effect with the next instance.
    /// </remarks>
    public bool IsCurrent(OAuthIntrospectionOptions options)
    {
        if (options.Authority != _authority || options.RequireHttps != _requiresHttps)
            return false;

        var parts = CacheKeyParts.CompareWith(_responseParts);
        AddResponseParts(ref parts, options);
        return parts.AreSame;
    }

    /// <summary>Whether the other options keep the guard of the server: its circuit breaker, limit and <c>Retry-After</c>.</summary>
    public bool SharesGuardWith(ServerIdentity other) => AreSame(_guardParts, other._guardParts) && SharesTokenWith(other);

    /// <summary>Whether the other options keep the token that was issued to this API itself.</summary>
    public bool SharesTokenWith(ServerIdentity other) => AreSame(_clientParts, other._clientParts);

    private static void AddResponseParts(ref CacheKeyParts parts, OAuthIntrospectionOptions options)
    {
        if (options.TenantKey is not null)
            parts.Add(options.TenantKey);

        // A discovered endpoint is represented by its issuer. When the endpoint moves, CachingIntrospector removes the entries.
        bool isDiscovered = options.DiscoversEndpoint;
        parts.Add(isDiscovered ? null : options.IntrospectionEndpoint);
        parts.Add(isDiscovered || options.RequireSignedResponse ? options.Authority : null);
        parts.Add(isDiscovered && !options.RequireHttps ? "http" : null); // discovery over plain http may lead to another server
        parts.Add(options.ClientId);
        parts.Add(options.ClientAuthenticationMethod.CacheIdentity);
        if (options.ClientAuthenticationMethod.NeedsClientToken)
        {
            parts.Add(options.ClientCredentials.TokenEndpoint);
            parts.Add(options.ClientCredentials.Scope);
            parts.Add(options.ClientCredentials.AuthenticationMethod.CacheIdentity);
            parts.Add(options.ClientCredentials.Parameters);
        }

        parts.Add(options.TokenTypeHint);
        parts.Add(options.IntrospectionParameters);
        parts.Add(options.RequireSignedResponse ? "signed" : null);
        if (options.RequireSignedResponse) // a response that was accepted without these requirements must not be reused with them
        {
            parts.Add(options.ExpectedResponseAudience);
            parts.Add(options.SignedResponseAlgorithms);
        }
    }

    private static object?[] GuardParts(OAuthIntrospectionOptions options) =>
        [
            options.IntrospectionEndpoint,
            options.RequireHttps,
            options.ClientAuthenticationMethod.Name, // not the instance: each reload may create another one from a delegate
            options.RequireSignedResponse,
            options.SignedResponseAudience,
            options.DecryptionKey,
            options.DecryptionKeyPath,
            options.DecryptionKeyPassword,
            options.SignedResponseAlgorithms.Count,
            .. options.SignedResponseAlgorithms,
            .. options.DecryptionAlgorithms,
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

    /// <summary>Who this API is and how it proves that.</summary>
    private static object?[] ClientParts(OAuthIntrospectionOptions options) =>
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
            options.ClientCredentials.TokenEndpoint,
            options.ClientCredentials.Scope,
            options.ClientCredentials.AuthenticationMethod.CacheIdentity,
            .. options
                .ClientCredentials.Parameters.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
                .SelectMany(static pair => new[] { pair.Key, pair.Value }),
        ];

    /// <summary>Texts and numbers are compared by value, keys and certificates by reference.</summary>
    private static bool AreSame(object?[] parts, object?[] others)
    {
        if (parts.Length != others.Length)
            return false;

        for (int i = 0; i < parts.Length; i++)
        {
            object? part = parts[i];
            if (part is string or ValueType ? !part.Equals(others[i]) : !ReferenceEquals(part, others[i]))
                return false;
        }

        return true;
    }
}
