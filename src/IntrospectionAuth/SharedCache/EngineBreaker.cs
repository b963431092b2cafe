using System.Runtime.ExceptionServices;
using Polly;
using Polly.CircuitBreaker;

namespace IntrospectionAuth.SharedCache;

/// <summary>Decides whether requests try the engine: after several failures none does for a second, then one of them tries again.</summary>
internal sealed class EngineBreaker
{
    private const int MinimumFailures = 3;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private const string ProbeKey = "ia:e:probe"; // of no entry

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _breaker;
    private readonly TimeProvider _time;
    private long _openUntil; // ticks
    private int _failuresInARow;
    private long _recoveries; // of requests, unlike those of the condition

    public EngineBreaker(EngineCondition condition, TimeProvider time)
    {
        Condition = condition;
        _time = new SteadyTimeProvider(time);
        _breaker = new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions
                {
                    // Cancellations, too: no caller cancels an operation, but an engine's client may.
                    ShouldHandle = static arguments => new(arguments.Outcome.Exception is not null),
                    FailureRatio = 0.5,
                    MinimumThroughput = MinimumFailures,
                    SamplingDuration = TimeSpan.FromSeconds(5),
                    BreakDuration = s_pause,
                    StateProvider = _state,
                    OnOpened = arguments =>
                    {
                        Volatile.Write(ref _openUntil, (_time.GetUtcNow() + arguments.BreakDuration).UtcTicks);
                        return default;
                    },
                    OnClosed = _ =>
                    {
                        NoteSuccess();
                        return default;
                    },
                }
            )
            .Build();
    }

    public EngineCondition Condition { get; }

    /// <summary>How long requests wait for an operation, in the fleet that was set up last.</summary>
    /// <remarks>A probe waits no longer: for requests, an engine that is slower still fails.</remarks>
    public TimeSpan Timeout { get; set; } = s_pause;

    /// <summary>Whether operations are attempted now.</summary>
    public bool IsClosed => _state.CircuitState != CircuitState.Open || _time.GetUtcNow().UtcTicks >= Volatile.Read(ref _openUntil);

    /// <exception cref="BrokenCircuitException">Operations are not attempted now.</exception>
    public async Task<T> ExecuteAsync<T>(Func<Task<T>> run)
    {
        long recoveries = Condition.Recoveries;
        (T? Value, ExceptionDispatchInfo? Late) result;
        try
        {
            result = await _breaker.ExecuteAsync(
                static (it, _) => it.Self.RunAsync(it.run, it.recoveries),
                (Self: this, run, recoveries: Volatile.Read(ref _recoveries)),
                CancellationToken.None
            );
        }
        catch (Exception exception) when (exception is not BrokenCircuitException)
        {
            // The breaker opens only if failures are frequent. Those of a node with little traffic are reported, too.
            if (Interlocked.Increment(ref _failuresInARow) >= MinimumFailures || _state.CircuitState != CircuitState.Closed)
                Condition.Fails(EngineUse.Requests, exception, recoveries);
            throw;
        }

        result.Late?.Throw();
        Volatile.Write(ref _failuresInARow, 0);
        if (_state.CircuitState == CircuitState.Closed)
            NoteSuccess();
        return result.Value!;
    }

    /// <summary>Tries an engine that requests have found to fail, for the case that no further request needs it.</summary>
    public async Task ProbeAsync(ISharedCacheEngine engine)
    {
        // The condition decides, not the count: a failure may be reported after the success that follows it.
        bool hasFailed = _state.CircuitState != CircuitState.Closed || Condition.IsFailing(EngineUse.Requests);
        if (!hasFailed || !IsClosed)
            return;

        try
        {
            await ExecuteAsync(() => TimeLimited.RunAsync(it => engine.GetAsync(ProbeKey, it), Timeout, _time));
        }
        catch (Exception)
        {
            // It still fails, or a request tries it.
        }
    }

    private void NoteSuccess()
    {
        if (Condition.Works(EngineUse.Requests))
            Interlocked.Increment(ref _recoveries);
    }

    /// <returns>The value; or a failure that does not count, because requests have worked again since the operation began.</returns>
    private async ValueTask<(T? Value, ExceptionDispatchInfo? Late)> RunAsync<T>(Func<Task<T>> run, long recoveries)
    {
        try
        {
            return (await run(), null);
        }
        catch (Exception exception) when (Volatile.Read(ref _recoveries) != recoveries)
        {
            return (default, ExceptionDispatchInfo.Capture(exception));
        }
    }
}
