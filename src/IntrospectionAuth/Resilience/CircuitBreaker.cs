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
    private readonly ResiliencePipeline<IntrospectionResult> _breaker;
    private readonly ResiliencePipeline<IntrospectionResult> _pipeline;
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
            _breaker = _pipeline = ResiliencePipeline<IntrospectionResult>.Empty;
            return;
        }

        _breaker = new ResiliencePipelineBuilder<IntrospectionResult> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<IntrospectionResult>
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

        var pipeline = new ResiliencePipelineBuilder<IntrospectionResult> { TimeProvider = time };
        if (options.Retries > 0)
        {
            pipeline.AddRetry(
                new RetryStrategyOptions<IntrospectionResult>
                {
                    MaxRetryAttempts = options.Retries,
                    Delay = TimeSpan.Zero,
                    ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result?.Unavailability?.IsTransient == true),
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
            IntrospectionResult result = await _pipeline.ExecuteAsync(
                async cancellation => last = await NoteBeginAsync(attempt, cancellation),
                cancellationToken
            );
            if (
                _options.Enabled
                && result.Unavailability is { Reason: UnavailableReason.TimedOut, IsServerFailure: true }
                && !IsOutdated(result)
            )
            {
                await WeighAsync(result);
            }

            return result;
        }
        catch (Exception exception) when (last is not null && exception is BrokenCircuitException or OperationCanceledException)
        {
            return last; // there was an outcome before the breaker opened, or the time was up, ahead of the repetition
        }
    }

    private async Task<IntrospectionResult> NoteBeginAsync(
        Func<CancellationToken, Task<IntrospectionResult>> attempt,
        CancellationToken cancellationToken
    )
    {
        long begunAt = _time.GetTimestamp();
        IntrospectionResult result = await attempt(cancellationToken);
        if (result.Unavailability is { } unavailability)
            unavailability.BegunAt = begunAt;
        return result;
    }

    /// <summary>A failure of a call from before the server came back says nothing about the server now.</summary>
    private bool IsOutdated(IntrospectionResult? result) => result?.Unavailability?.BegunAt < Volatile.Read(ref _closedAt);

    /// <summary>Without a result the event handler threw: like missing credentials, that is not the server's fault, but it proves nothing where proof was wanted.</summary>
    private bool IsFailure(IntrospectionResult? result)
    {
        if (State == 0 && IsOutdated(result))
            return false;

        bool provesNothing = result is null or { Unavailability.HasResponded: false };
        return result?.Unavailability?.IsServerFailure == true || (provesNothing && State == 1);
    }

    /// <summary>A caller who waited for the whole timeout has learnt as much as several who were refused at once.</summary>
    private async ValueTask WeighAsync(IntrospectionResult timedOut)
    {
        for (int weight = 1; weight < _options.BreakerMinimumCalls && State == 0; weight++)
        {
            ResilienceContext context = ResilienceContextPool.Shared.Get();
            await _breaker.ExecuteOutcomeAsync(static (_, result) => ValueTask.FromResult(Outcome.FromResult(result)), context, timedOut);
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
