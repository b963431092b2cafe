using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>
/// The token of one client at one token endpoint: kept until it expires, and obtained by one request for all waiting callers.
/// </summary>
internal sealed class TokenSource
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Remembered<Outcome<ClientToken>> _tokens;
    private long? _sentAt; // timestamp

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
            OnBegin = NotePreparing,
        };
    }

    public Uri Endpoint { get; }

    /// <summary>Repeats a request for a token when the client's key has changed.</summary>
    public CredentialRenewal Renewal { get; }

    public bool IsAt(Uri endpoint) => Endpoint.OriginalString == endpoint.OriginalString;

    /// <summary>Gets the kept token, or obtains one.</summary>
    /// <param name="current">The current options.</param>
    /// <param name="refused">A token that the introspection endpoint rejected, if any.</param>
    public Task<Outcome<ClientToken>> FindAsync(OAuthIntrospectionOptions current, object? refused) =>
        _tokens.FindAsync(current, outcome => outcome.Value!.IsUsable && !ReferenceEquals(outcome.Value, refused));

    /// <summary>Records that a request is prepared: until it is sent, the time is that of this API's own key or method.</summary>
    public void NotePreparing()
    {
        lock (_lock)
            _sentAt = null;
    }

    /// <summary>Records that the request is sent: from now on, the time is that of the token endpoint.</summary>
    public void NoteSent()
    {
        lock (_lock)
            _sentAt = _time.GetTimestamp();
    }

    /// <summary>Decides who used up the time of a request for a token: this API's own key or method, or the token endpoint.</summary>
    public UnavailableReason FindTimeoutCause(TimeSpan timeout)
    {
        lock (_lock)
        {
            TimeSpan serverTime = _sentAt is { } sentAt ? _time.GetElapsedTime(sentAt) : TimeSpan.Zero;
            return serverTime < timeout / 2 ? UnavailableReason.ApplicationTimedOut : UnavailableReason.TimedOut;
        }
    }
}
