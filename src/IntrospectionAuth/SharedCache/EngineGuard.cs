using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace IntrospectionAuth.SharedCache;

/// <summary>
/// Runs the operations of the engine for requests: within the timeout, and not at all while the engine fails. A failure is a value.
/// </summary>
internal sealed class EngineGuard
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _breaker;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly FleetMetrics _metrics;
    private long _openUntil; // ticks, UTC

    public EngineGuard(TimeSpan timeout, EngineCondition condition, TimeProvider time, FleetMetrics metrics)
    {
        _timeout = timeout;
        _time = time;
        _metrics = metrics;
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions
                {
                    // Cancellations, too: no caller cancels an operation, but an engine's client may.
                    ShouldHandle = static arguments => new(arguments.Outcome.Exception is not null),
                    FailureRatio = 0.5,
                    MinimumThroughput = 3,
                    SamplingDuration = TimeSpan.FromSeconds(5),
                    BreakDuration = s_pause,
                    StateProvider = _state,
                    OnOpened = arguments =>
                    {
                        Volatile.Write(ref _openUntil, (time.GetUtcNow() + arguments.BreakDuration).UtcTicks);
                        condition.Fails(EngineUse.Requests, arguments.Outcome.Exception);
                        return default;
                    },
                    OnClosed = _ =>
                    {
                        condition.Works(EngineUse.Requests);
                        return default;
                    },
                }
            )
            .Build();
    }

    /// <summary>Whether operations are attempted now.</summary>
    public bool IsClosed => _state.CircuitState != CircuitState.Open || _time.GetUtcNow().UtcTicks >= Volatile.Read(ref _openUntil);

    /// <returns>Whether the operation ended in time, and its result.</returns>
    public async Task<(bool Succeeded, T? Value)> TryAsync<T>(string operation, Func<CancellationToken, Task<T>> run)
    {
        if (!IsClosed)
            return default; // without the cost of an exception

        try
        {
            T value = await _breaker.ExecuteAsync(_ => new ValueTask<T>(LimitAsync(run)));
            _metrics.OperationEnded(operation, failure: null);
            return (true, value);
        }
        catch (BrokenCircuitException)
        {
            return default;
        }
        catch (Exception exception)
        {
            _metrics.OperationEnded(operation, exception is TimeoutException ? "timeout" : exception.GetType().FullName);
            return default;
        }
    }

    /// <inheritdoc cref="TryAsync{T}(string, Func{CancellationToken, Task{T}})"/>
    public async Task<bool> TryAsync(string operation, Func<CancellationToken, Task> run) =>
        (
            await TryAsync(
                operation,
                async cancellationToken =>
                {
                    await run(cancellationToken);
                    return true;
                }
            )
        ).Succeeded;

    /// <summary>An engine may ignore its cancellation, so the wait ends with the timeout in any case.</summary>
    private async Task<T> LimitAsync<T>(Func<CancellationToken, Task<T>> run) => await TimeLimited.RunAsync(run, _timeout, _time);
}
