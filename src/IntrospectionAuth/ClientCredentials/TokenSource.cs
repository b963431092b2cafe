using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>The token of one client at one token endpoint: kept while it lasts, and obtained by one request for everybody who waits.</summary>
/// <param name="options">The options that it is for.</param>
/// <param name="endpoint">The token endpoint.</param>
/// <param name="obtain">Asks for a token.</param>
internal sealed class TokenSource(OAuthIntrospectionOptions options, Uri endpoint, Func<OAuthIntrospectionOptions, TokenSource, Task<TokenResult>> obtain)
{
    private readonly object?[] _parts = PartsOf(options, endpoint);
    private readonly TimeProvider _time = options.TimeProvider ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private ClientToken? _known;
    private Task<TokenResult>? _obtaining;
    private long? _askedAt; // timestamp

    public Uri Endpoint { get; } = endpoint;

    /// <summary>Lets a request for a token be repeated when the client's key has changed.</summary>
    public CredentialRenewal Renewal { get; } = new(options.TimeProvider ?? TimeProvider.System);

    /// <summary>Whether the token is as good for other options: a reload of configuration makes new ones, changed or not.</summary>
    public bool StandsFor(OAuthIntrospectionOptions other, Uri otherEndpoint) => _parts.AsSpan().SequenceEqual(PartsOf(other, otherEndpoint));

    /// <summary>The token that is kept, at once; when there is none, what asking for one brings.</summary>
    /// <param name="current">The options as they are now.</param>
    /// <param name="refused">A token that the introspection endpoint has refused; null when it has refused none.</param>
    public Task<TokenResult> FindAsync(OAuthIntrospectionOptions current, object? refused)
    {
        lock (_lock)
        {
            if (_known is { IsUsable: true } known && !ReferenceEquals(known, refused))
                return Task.FromResult(TokenResult.Issued(known));

            _known = null;
            return _obtaining ??= Begin(current);
        }
    }

    /// <summary>Notes whether the endpoint has a request now: before it is authenticated, it has none.</summary>
    public void NoteAsked(bool isAsked)
    {
        lock (_lock)
            _askedAt = isAsked ? _time.GetTimestamp() : null;
    }

    /// <summary>Whether the endpoint has had its request for so long; the rest of the time went to this API's own key or method.</summary>
    public bool HasBeenAskedFor(TimeSpan time)
    {
        lock (_lock)
            return _askedAt is { } askedAt && _time.GetElapsedTime(askedAt) >= time;
    }

    private Task<TokenResult> Begin(OAuthIntrospectionOptions current)
    {
        _askedAt = null;

        // Unsafe: asking belongs to no request; whoever goes away cancels nothing.
        var completion = new TaskCompletionSource<TokenResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Self.RunAsync(state.current, state.completion), (Self: this, current, completion), preferLocal: false);
        return completion.Task;
    }

    private async Task RunAsync(OAuthIntrospectionOptions current, TaskCompletionSource<TokenResult> completion)
    {
        TokenResult result = await ObtainAsync(current);
        lock (_lock)
        {
            _known = result.Token;
            _obtaining = null;
        }

        completion.SetResult(result);
    }

    /// <summary>Whatever a listener or logger of the application throws, it ends, and the next request may begin.</summary>
    private async Task<TokenResult> ObtainAsync(OAuthIntrospectionOptions current)
    {
        try
        {
            return await obtain(current, this);
        }
        catch (Exception exception)
        {
            return TokenResult.None(new(UnavailableReason.Unreachable) { Exception = exception });
        }
    }

    /// <summary>Everything that a token depends on.</summary>
    private static object?[] PartsOf(OAuthIntrospectionOptions options, Uri endpoint) =>
    [
        endpoint.OriginalString, options.ClientId, options.ClientSecret, options.Authority, options.ClientAssertionAudience, options.ClientAssertionType,
        options.SigningKey, options.SigningKeyPath, options.SigningKeyPassword, options.SigningKeyId, options.SigningAlgorithm,
        options.ClientCertificate, options.ClientCertificateChain, options.CertificatePath, options.CertificateKeyPath, options.CertificatePassword,
        options.TimeProvider, .. options.ClientCredentials.Parts,
    ];
}
