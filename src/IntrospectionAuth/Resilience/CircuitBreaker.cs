using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace IntrospectionAuth.Resilience;

/// <summary>Repeats a call whose failure may be a moment's, and keeps calls from a server that fails or hangs.</summary>
internal sealed class CircuitBreaker
{
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<Attempt> _breaker;
    private readonly ResiliencePipeline<Attempt> _pipeline;
    private readonly OAuthIntrospectionResilienceOptions _options;
    private readonly TimeProvider _time;
    private long _openUntil; // ticks, UTC
    private long _closedAt = long.MinValue; // timestamp

    public CircuitBreaker(string scheme, OAuthIntrospectionResilienceOptions options, TimeProvider time, RareMessages rare, ILogger logger)
    {
        _options = options;
        _time = time;
        if (!options.Enabled)
        {
            _breaker = _pipeline = ResiliencePipeline<Attempt>.Empty;
            return;
        }

        _breaker = new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<Attempt>
                {
                    FailureRatio = options.BreakerFailureRatio,
                    MinimumThroughput = options.BreakerMinimumCalls,
                    SamplingDuration = options.BreakerSamplingDuration,
                    BreakDuration = options.BreakerPause,
                    StateProvider = _state,
                    ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome.Result)),
                    OnOpened = arguments =>
                    {
                        Volatile.Write(ref _openUntil, (time.GetUtcNow() + arguments.BreakDuration).UtcTicks);
                        if (rare.IsDue(scheme, nameof(Log.CircuitOpened), time, out long suppressed))
                            logger.CircuitOpened(scheme, arguments.BreakDuration.TotalSeconds, suppressed);
                        return default;
                    },
                    OnClosed = _ =>
                    {
                        Volatile.Write(ref _closedAt, time.GetTimestamp());
                        rare.End(scheme, nameof(Log.CircuitOpened)); // otherwise "answers again" would stay the last word of an outage that follows
                        logger.CircuitClosed(scheme);
                        return default;
                    },
                }
            )
            .Build();

        var pipeline = new ResiliencePipelineBuilder<Attempt> { TimeProvider = time };
        if (options.Retries > 0)
        {
            pipeline.AddRetry(
                new RetryStrategyOptions<Attempt>
                {
                    MaxRetryAttempts = options.Retries,
                    Delay = TimeSpan.Zero,
                    ShouldHandle = static arguments =>
                        ValueTask.FromResult(arguments.Outcome.Result.Result?.Unavailability?.MayBeRetried == true),
                }
            );
        }

        _pipeline = pipeline.AddPipeline(_breaker).Build();
    }

    /// <summary>0 closed, 1 half open, 2 open.</summary>
    public int State =>
        _state.CircuitState switch
        {
            CircuitState.Closed => 0,
            CircuitState.HalfOpen => 1,
            _ => 2,
        };

    /// <summary>How long no call will be let through; zero or less when one would be.</summary>
    public TimeSpan OpenFor => State == 2 ? TimeSpan.FromTicks(Volatile.Read(ref _openUntil) - _time.GetUtcNow().UtcTicks) : TimeSpan.Zero;

    /// <exception cref="BrokenCircuitException">The breaker is open.</exception>
    public async Task<IntrospectionResult> ExecuteAsync(
        Func<CancellationToken, Task<IntrospectionResult>> attempt,
        CancellationToken cancellationToken
    )
    {
        IntrospectionResult? last = null;
        try
        {
            Attempt final = await _pipeline.ExecuteAsync(
                async cancellation =>
                {
                    long begunAt = _time.GetTimestamp();
                    last = await attempt(cancellation);
                    return new Attempt(last, begunAt);
                },
                cancellationToken
            );
            if (_options.Enabled && last!.Unavailability?.Reason == UnavailableReason.TimedOut && !IsOutdated(final))
                await WeighAsync(final);
            return last!;
        }
        catch (Exception exception) when (last is not null && exception is BrokenCircuitException or OperationCanceledException)
        {
            return last; // there was an outcome before the breaker opened, or the time was up, ahead of the repetition
        }
    }

    /// <summary>A failure of a call from before the server came back says nothing about the server now.</summary>
    private bool IsOutdated(Attempt attempt) => attempt.Result?.IsUnavailable == true && attempt.BegunAt < Volatile.Read(ref _closedAt);

    /// <summary>Without a result the event handler threw: like missing credentials, that is not the server's fault, but it proves nothing where proof was wanted.</summary>
    private bool IsFailure(Attempt attempt)
    {
        if (State == 0 && IsOutdated(attempt))
            return false;

        bool provesNothing = attempt.Result is null or { Unavailability.HasResponse: false };
        return attempt.Result?.Unavailability?.CountsAgainstServer == true || (provesNothing && State == 1);
    }

    /// <summary>A caller who waited for the whole timeout has learnt as much as several who were refused at once.</summary>
    private async ValueTask WeighAsync(Attempt timedOut)
    {
        for (int weight = 1; weight < _options.BreakerMinimumCalls && State == 0; weight++)
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
