using IntrospectionAuth.Discovery;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Introspection;

/// <summary>One introspection of a token. Its steps and its attempts share one timeout.</summary>
internal sealed class IntrospectionCall : IDisposable
{
    private static readonly TimeSpan s_shortestTimeout = TimeSpan.FromMilliseconds(1);

    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _end;
    private readonly long _startedAt;
    private long? _firstAttemptAt;

    /// <param name="scheme">The scheme.</param>
    /// <param name="token">The token.</param>
    /// <param name="stopping">Cancelled when the application stops.</param>
    /// <param name="waited">The part of the timeout that has passed.</param>
    public IntrospectionCall(IntrospectionScheme scheme, string token, CancellationToken stopping, TimeSpan waited = default)
    {
        Scheme = scheme;
        Token = token;
        Stopping = stopping;
        _startedAt = scheme.Time.GetTimestamp();
        Timeout = Longer(scheme.Options.Timeout - waited, s_shortestTimeout);
        _timeout = new CancellationTokenSource(Timeout, scheme.Time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, stopping);
    }

    public IntrospectionScheme Scheme { get; }

    public OAuthIntrospectionOptions Options => Scheme.Options;

    public string Token { get; }

    /// <summary>The exchanges of the call so far, if they are recorded.</summary>
    public IReadOnlyList<Exchange> Exchanges { get; private set; } = [];

    /// <summary>Whether no request waits for the result.</summary>
    public bool IsRefresh { get; init; }

    /// <summary>Whether the token is random, so that an inactive response says nothing about it.</summary>
    public bool IsProbe { get; init; }

    /// <summary>Called each time before the token is sent.</summary>
    public Action OnSending { get; init; } = static () => { };

    /// <summary>Cancelled when the application stops.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Cancelled when the timeout has passed or the application stops.</summary>
    public CancellationToken CancellationToken => _end.Token;

    /// <summary>
    /// What is left of <see cref="OAuthIntrospectionOptions.Timeout"/>: what passed before the call began is not the server's.
    /// </summary>
    public TimeSpan Timeout { get; }

    public bool HasEnded => _end.IsCancellationRequested;

    public bool HasTimedOut => _timeout.IsCancellationRequested;

    /// <summary>The metadata of the authorization server; null when the options say everything.</summary>
    public ServerMetadata? Metadata { get; set; }

    public Uri? DiscoveredEndpoint => Metadata?.EndpointFor(Options);

    public Uri Endpoint => DiscoveredEndpoint ?? Scheme.ConfiguredEndpoint;

    public TimeSpan Elapsed => Scheme.Time.GetElapsedTime(_startedAt);

    public bool IsAttempted => _firstAttemptAt is not null;

    /// <summary>How long ago the first attempt began: until then the call was queued.</summary>
    public TimeSpan ElapsedSinceFirstAttempt => Scheme.Time.GetElapsedTime(_firstAttemptAt!.Value);

    public void BeginAttempt() => _firstAttemptAt ??= Scheme.Time.GetTimestamp();

    public void Add(Exchange exchange) => Exchanges = [.. Exchanges, exchange];

    public IntrospectionResult Unavailable(Unavailability unavailability) => IntrospectionResult.Unavailable(Scheme.Now, unavailability);

    public void Dispose()
    {
        _end.Dispose();
        _timeout.Dispose();
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
