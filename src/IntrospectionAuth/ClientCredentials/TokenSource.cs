using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>The token of one client at one token endpoint: kept while it lasts, and obtained by one request for everybody who waits.</summary>
internal sealed class TokenSource
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Remembered<Outcome<ClientToken>> _tokens;
    private long? _askedAt; // timestamp

    /// <param name="scheme">The scheme that it is for.</param>
    /// <param name="endpoint">The token endpoint.</param>
    /// <param name="obtain">Asks for a token.</param>
    public TokenSource(
        IntrospectionScheme scheme,
        Uri endpoint,
        Func<OAuthIntrospectionOptions, TokenSource, Task<Outcome<ClientToken>>> obtain
    )
    {
        _time = scheme.Time;
        Endpoint = endpoint;
        Renewal = new(_time);
        _tokens = new(
            (current, _) => obtain(current, this),
            static outcome => outcome.IsAvailable,
            static exception => new Unavailability(UnavailableReason.Unreachable) { Exception = exception }
        )
        {
            OnBegin = () => NoteAsked(false),
        };
    }

    public Uri Endpoint { get; }

    /// <summary>Lets a request for a token be repeated when the client's key has changed.</summary>
    public CredentialRenewal Renewal { get; }

    public bool IsAt(Uri endpoint) => Endpoint.OriginalString == endpoint.OriginalString;

    /// <summary>The token that is kept, at once; when there is none, what asking for one brings.</summary>
    /// <param name="current">The options as they are now.</param>
    /// <param name="refused">A token that the introspection endpoint has refused; null when it has refused none.</param>
    public Task<Outcome<ClientToken>> FindAsync(OAuthIntrospectionOptions current, object? refused) =>
        _tokens.FindAsync(current, outcome => outcome.Value!.IsUsable && !ReferenceEquals(outcome.Value, refused));

    /// <summary>Notes whether the endpoint has a request now: before it is authenticated, it has none.</summary>
    public void NoteAsked(bool isAsked)
    {
        lock (_lock)
            _askedAt = isAsked ? _time.GetTimestamp() : null;
    }

    /// <summary>Decides who used up the time of a request for a token: this API's own key or method, or the token endpoint.</summary>
    public UnavailableReason FindTimeoutCause(TimeSpan timeout)
    {
        lock (_lock)
        {
            TimeSpan serverTime = _askedAt is { } askedAt ? _time.GetElapsedTime(askedAt) : TimeSpan.Zero;
            return new Unavailability(UnavailableReason.TimedOut) { ApplicationTime = timeout - serverTime }.FindTimeoutCause(
                timeout,
                timeout
            );
        }
    }
}
