using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace IntrospectionAuth.Resilience;

/// <summary>Retries a call whose failure may be momentary, and stops calls to a server that fails or hangs.</summary>
internal sealed class CircuitBreaker
{
    private static readonly TimeSpan s_minimumPause = TimeSpan.FromSeconds(1);

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<Attempt> _breaker;
    private readonly OAuthIntrospectionResilienceOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pause;
    private long _openUntil; // ticks, UTC
    private long _closedAt = long.MinValue; // timestamp

    public CircuitBreaker(string scheme, OAuthIntrospectionResilienceOptions options, TimeProvider time, RareMessages rare, ILogger logger)
    {
        _options = options;
        _time = time;
        _pause = options.BreakerPause;
        _breaker = options.Enabled ? Build(scheme, rare, logger) : ResiliencePipeline<Attempt>.Empty;
    }

    /// <summary>Closed when calls are made, half open while one call decides, open when none is made.</summary>
    public CircuitState State => _state.CircuitState;

    /// <summary>How long the breaker stays open; zero or less when a call may be made.</summary>
    public TimeSpan OpenFor =>
        State == CircuitState.Open ? TimeSpan.FromTicks(Volatile.Read(ref _openUntil) - _time.GetUtcNow().UtcTicks) : TimeSpan.Zero;

    /// <exception cref="BrokenCircuitException">The breaker is open.</exception>
    public async Task<IntrospectionResult> ExecuteAsync(Func<Task<IntrospectionResult>> attempt, CancellationToken cancellationToken)
    {
        IntrospectionResult result = await ExecuteOnceAsync(attempt, cancellationToken);
        try
        {
            for (int left = _options.Enabled ? _options.Retries : 0; left > 0 && result.Unavailability is { MayBeRetried: true }; left--)
                result = await ExecuteOnceAsync(attempt, cancellationToken);
        }
        catch (Exception exception) when (exception is BrokenCircuitException or OperationCanceledException)
        {
            // The breaker opened or the time was up before the retry: the result of the last attempt counts.
        }

        return result;
    }

    /// <summary>Why no call is made while the breaker is open.</summary>
    public Unavailability Describe(BrokenCircuitException exception)
    {
        TimeSpan pause = exception.RetryAfter ?? _pause;
        return new(UnavailableReason.CircuitOpen) { RequestedDelay = pause < s_minimumPause ? s_minimumPause : pause };
    }

    private ResiliencePipeline<Attempt> Build(string scheme, RareMessages rare, ILogger logger) =>
        new ResiliencePipelineBuilder<Attempt> { TimeProvider = _time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<Attempt>
                {
                    FailureRatio = _options.BreakerFailureRatio,
                    MinimumThroughput = _options.BreakerMinimumCalls,
                    SamplingDuration = _options.BreakerSamplingDuration,
                    BreakDuration = _pause,
                    StateProvider = _state,
                    ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome.Result)),
                    OnOpened = arguments =>
                    {
                        Volatile.Write(ref _openUntil, (_time.GetUtcNow() + arguments.BreakDuration).UtcTicks);
                        if (rare.IsDue(scheme, nameof(Log.CircuitOpened), _time, out long suppressed))
                        {
                            Remedy remedy = UnavailabilityRemedies.OfReason(UnavailableReason.CircuitOpen);
                            logger.CircuitOpened(scheme, arguments.BreakDuration.TotalSeconds, remedy, suppressed);
                        }

                        return default;
                    },
                    OnClosed = _ =>
                    {
                        Volatile.Write(ref _closedAt, _time.GetTimestamp());
                        rare.End(scheme, nameof(Log.CircuitOpened)); // so that the next outage is logged at once
                        logger.CircuitClosed(scheme);
                        return default;
                    },
                }
            )
            .Build();

    private async Task<IntrospectionResult> ExecuteOnceAsync(Func<Task<IntrospectionResult>> attempt, CancellationToken cancellationToken)
    {
        Attempt made = await _breaker.ExecuteAsync(
            async _ =>
            {
                long begunAt = _time.GetTimestamp();
                return new Attempt(await attempt(), begunAt);
            },
            cancellationToken
        );
        if (_options.Enabled && made.Result!.Unavailability?.Reason == UnavailableReason.TimedOut && !IsOutdated(made))
            await WeighAsync(made);
        return made.Result!;
    }

    /// <summary>A call that began before the breaker closed says nothing about the server now.</summary>
    private bool IsOutdated(Attempt attempt) => attempt.Result?.IsUnavailable == true && attempt.BegunAt < Volatile.Read(ref _closedAt);

    /// <summary>
    /// Without a result, the event handler threw: like a missing credential, this is not the server's fault, but does not close the
    /// breaker.
    /// </summary>
    private bool IsFailure(Attempt attempt)
    {
        if (State == CircuitState.Closed && IsOutdated(attempt))
            return false;

        bool provesNothing = attempt.Result is null or { Unavailability.HasResponse: false };
        return attempt.Result?.Unavailability?.CountsAgainstServer == true || (provesNothing && State == CircuitState.HalfOpen);
    }

    /// <summary>
    /// Counts a timeout as the minimum number of failures: Polly's breaker needs two, and no second caller should wait as long.
    /// </summary>
    private async ValueTask WeighAsync(Attempt timedOut)
    {
        for (int weight = 1; weight < _options.BreakerMinimumCalls && State == CircuitState.Closed; weight++)
        {
            ResilienceContext context = ResilienceContextPool.Shared.Get();
            await _breaker.ExecuteOutcomeAsync(static (_, result) => ValueTask.FromResult(Outcome.FromResult(result)), context, timedOut);
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <param name="Result">The result; null when the event handler threw.</param>
    /// <param name="BegunAt">The timestamp at which the attempt began.</param>
    private readonly record struct Attempt(IntrospectionResult? Result, long BegunAt);
}
