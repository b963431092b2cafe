using System.Threading.RateLimiting;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Http;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace IntrospectionAuth.Resilience;

/// <summary>Stands before one authorization server, as one set of options describes it: who may call it now, and who had better not.</summary>
internal sealed class ServerGuard
{
    private readonly string _scheme;
    private readonly TimeProvider _wallTime;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pause;
    private readonly bool _isEnabled;
    private readonly RareMessages _rare;
    private readonly ILogger _logger;
    private readonly CircuitBreaker _breaker;
    private readonly OutcomeLog _answers;
    private long _lastResponseAt; // ticks of the scheme's clock, UTC; 0 is never, or no longer
    private long _backOffUntil; // ticks

    public ServerGuard(IntrospectionScheme scheme, RareMessages rare, ILogger logger)
    {
        OAuthIntrospectionOptions options = scheme.Options;
        _scheme = scheme.Name;
        _wallTime = scheme.Time;
        _time = new SteadyTimeProvider(_wallTime);
        _pause = options.Resilience.BreakerPause;
        _isEnabled = options.Resilience.Enabled;
        _rare = rare;
        _logger = logger;
        _breaker = new CircuitBreaker(_scheme, options.Resilience, _time, rare, logger);
        Evidence = new CredentialEvidence(_time);
        _answers = new OutcomeLog(_scheme, _time, Evidence, rare, logger);
        Limiter = new CallLimiter(options.Resilience, options.Timeout, _time);
        Renewal = new CredentialRenewal(_time);
    }

    public CallLimiter Limiter { get; }

    /// <summary>Whether the server has accepted the credentials that this API has now.</summary>
    public CredentialEvidence Evidence { get; }

    /// <summary>What becomes of calls whose credentials the server refuses.</summary>
    public CredentialRenewal Renewal { get; }

    /// <summary>0 closed, 1 half open, 2 open.</summary>
    public int BreakerState => _breaker.State;

    /// <summary>When the server has last answered a call, active or inactive; null when it has not yet, or a later call failed.</summary>
    private DateTimeOffset? LastResponseAt =>
        Volatile.Read(ref _lastResponseAt) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>
    /// Whether the server has responded to a call within the interval, and since then no call has failed and none is held back.
    /// </summary>
    public bool HasRespondedWithin(TimeSpan interval)
    {
        TimeSpan? age = _wallTime.GetUtcNow() - LastResponseAt;
        return age >= TimeSpan.Zero && age < interval && BreakerState == 0 && UsableIn == TimeSpan.Zero;
    }

    /// <summary>How long no call will be made; zero when the server may be called.</summary>
    public TimeSpan UsableIn
    {
        get
        {
            TimeSpan wait = FindWait() ?? TimeSpan.Zero;
            TimeSpan open = _breaker.OpenFor;
            return wait > open ? wait
                : open > TimeSpan.Zero ? open
                : TimeSpan.Zero;
        }
    }

    /// <summary>Makes the call, unless the server is better left alone.</summary>
    public async Task<IntrospectionResult> CallAsync(
        bool isRefresh,
        Func<CancellationToken, Task<IntrospectionResult>> attempt,
        CancellationToken cancellationToken
    )
    {
        if (FindWait() is { } wait)
            return NotAsked(UnavailableReason.BackingOff, wait);

        using RateLimitLease? place = await Limiter.EnterAsync(isRefresh, cancellationToken);
        if (place is null)
            return CrowdedOut();

        // Asked once more: while this call waited for its place, another one may have been told to leave the server alone.
        if (FindWait() is { } newWait)
            return NotAsked(UnavailableReason.BackingOff, newWait);

        try
        {
            IntrospectionResult result = await _breaker.ExecuteAsync(attempt, cancellationToken);
            Note(result);
            return result;
        }
        catch (BrokenCircuitException exception)
        {
            TimeSpan pause = exception.RetryAfter ?? _pause;
            return NotAsked(UnavailableReason.CircuitOpen, pause < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : pause);
        }
    }

    /// <summary>There was no place in time.</summary>
    public IntrospectionResult CrowdedOut()
    {
        if (_rare.IsDue(_scheme, nameof(Log.TooManyCalls), _time, out long suppressed))
            _logger.TooManyCalls(_scheme, suppressed);
        return NotAsked(UnavailableReason.TooManyCalls, Unavailability.DefaultRetryAfter);
    }

    private void Note(IntrospectionResult result)
    {
        _answers.Note(result);
        if (result.IsResponse)
            Volatile.Write(ref _lastResponseAt, _wallTime.GetUtcNow().UtcTicks);
        else if (result.Unavailability is { HasResponse: true } or { AllowsStale: true })
            Volatile.Write(ref _lastResponseAt, 0);
        if (!_isEnabled || result.Unavailability is not { RequestsBackOff: true } unavailability)
            return;

        bool isBackingOff = FindWait() is not null;
        BackOffUntil((_time.GetUtcNow() + unavailability.RetryAfter).UtcTicks);
        if (!isBackingOff && _rare.IsDue(_scheme, nameof(Log.BackingOff), _time, out long suppressed))
            _logger.BackingOff(_scheme, (int)unavailability.StatusCode!, unavailability.RetryAfter.TotalSeconds, suppressed);
    }

    /// <summary>Of several wishes, which come from calls that were under way together, the longest counts.</summary>
    private void BackOffUntil(long until)
    {
        long seen;
        while ((seen = Volatile.Read(ref _backOffUntil)) < until && Interlocked.CompareExchange(ref _backOffUntil, until, seen) != seen) { }
    }

    private TimeSpan? FindWait()
    {
        long wait = Volatile.Read(ref _backOffUntil) - _time.GetUtcNow().UtcTicks;
        return wait > 0 ? TimeSpan.FromTicks(wait) : null;
    }

    private IntrospectionResult NotAsked(UnavailableReason reason, TimeSpan retryAfter) =>
        IntrospectionResult.Unavailable(_wallTime.GetUtcNow(), new(reason) { RequestedDelay = retryAfter });
}
