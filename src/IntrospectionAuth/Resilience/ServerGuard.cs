using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace IntrospectionAuth.Resilience;

/// <summary>
/// What is known about the state of one authorization server: whether it may be called now, and whether it accepts the credentials of this
/// API.
/// </summary>
internal sealed class ServerGuard
{
    private readonly string _scheme;
    private readonly TimeProvider _wallTime;
    private readonly TimeProvider _time;
    private readonly bool _isEnabled;
    private readonly RareMessages _rare;
    private readonly ILogger _logger;
    private readonly OutcomeLog _outcomes;
    private long _lastResponseAt; // ticks of the scheme's clock, UTC; 0 is never, or no longer
    private long _backOffUntil; // ticks

    public ServerGuard(IntrospectionScheme scheme, RareMessages rare, ILogger logger)
    {
        OAuthIntrospectionOptions options = scheme.Options;
        _scheme = scheme.Name;
        _wallTime = scheme.Time;
        _time = new SteadyTimeProvider(_wallTime);
        _isEnabled = options.Resilience.Enabled;
        _rare = rare;
        _logger = logger;
        Breaker = new CircuitBreaker(_scheme, options.Resilience, _time, rare, logger);
        Evidence = new CredentialEvidence(_time);
        _outcomes = new OutcomeLog(_scheme, _time, Evidence, rare, logger);
        Limiter = new CallLimiter(options.Resilience, options.Timeout, _time);
        Renewal = new CredentialRenewal(_time);
    }

    public CallLimiter Limiter { get; }

    public CircuitBreaker Breaker { get; }

    public CredentialEvidence Evidence { get; }

    public CredentialRenewal Renewal { get; }

    /// <summary>How long no call will be made; zero when the server may be called.</summary>
    public TimeSpan UsableIn
    {
        get
        {
            TimeSpan backOff = BackOffLeft > TimeSpan.Zero ? BackOffLeft : TimeSpan.Zero;
            TimeSpan open = Breaker.OpenFor;
            return open > backOff ? open : backOff;
        }
    }

    /// <summary>When the server last gave a usable response; null when it has not, or has failed since.</summary>
    public DateTimeOffset? LastResponseAt =>
        Volatile.Read(ref _lastResponseAt) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private TimeSpan BackOffLeft => TimeSpan.FromTicks(Volatile.Read(ref _backOffUntil) - _time.GetUtcNow().UtcTicks);

    /// <summary>
    /// Whether the server has responded to a call within the interval, and since then no call has failed and none is held back.
    /// </summary>
    public bool HasRespondedWithin(TimeSpan interval)
    {
        long ticks = Volatile.Read(ref _lastResponseAt);
        TimeSpan age = _wallTime.GetUtcNow() - new DateTimeOffset(ticks, TimeSpan.Zero);
        return ticks > 0 && age >= TimeSpan.Zero && age < interval && Breaker.State == CircuitState.Closed && UsableIn == TimeSpan.Zero;
    }

    /// <returns>Why no call may be made now, if the server has asked all callers to wait; otherwise null.</returns>
    public Unavailability? FindBackOff() =>
        BackOffLeft is var left && left > TimeSpan.Zero ? new(UnavailableReason.BackingOff) { RequestedDelay = left } : null;

    /// <summary>Records the result of a call: for logs, for health checks, and as a back-off if the response requests one.</summary>
    public void Record(IntrospectionResult result)
    {
        _outcomes.Note(result);
        if (result.IsResponse)
            Volatile.Write(ref _lastResponseAt, _wallTime.GetUtcNow().UtcTicks);
        else if (result.Unavailability is { HasResponse: true } or { AllowsStale: true })
            Volatile.Write(ref _lastResponseAt, 0);

        if (_isEnabled && result.Unavailability is { RequestsBackOff: true } unavailability)
            BackOff(unavailability);
    }

    private void BackOff(Unavailability unavailability)
    {
        bool isBackingOff = BackOffLeft > TimeSpan.Zero;

        // Several calls that were in flight together may request different times: the longest counts.
        long until = (_time.GetUtcNow() + unavailability.RetryAfter).UtcTicks;
        long seen;
        while ((seen = Volatile.Read(ref _backOffUntil)) < until && Interlocked.CompareExchange(ref _backOffUntil, until, seen) != seen) { }

        if (!isBackingOff && _rare.IsDue(_scheme, nameof(Log.BackingOff), _time, out long suppressed))
        {
            Remedy remedy = UnavailabilityRemedies.OfReason(UnavailableReason.BackingOff);
            _logger.BackingOff(_scheme, (int)unavailability.StatusCode!, unavailability.RetryAfter.TotalSeconds, remedy, suppressed);
        }
    }
}
