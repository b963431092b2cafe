using Polly;
using Polly.CircuitBreaker;

namespace IntrospectionAuth.SharedCache;

/// <summary>Decides whether requests try the engine: after several failures none does for a second, then one of them tries again.</summary>
internal sealed class EngineBreaker
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private const string ProbeKey = "ia:e:probe"; // of no entry

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _breaker;
    private readonly TimeProvider _time;
    private long _openUntil; // ticks, UTC

    public EngineBreaker(EngineCondition condition, TimeProvider time)
    {
        Condition = condition;
        _time = time;
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

    public EngineCondition Condition { get; }

    /// <summary>Whether operations are attempted now.</summary>
    public bool IsClosed => _state.CircuitState != CircuitState.Open || _time.GetUtcNow().UtcTicks >= Volatile.Read(ref _openUntil);

    /// <exception cref="BrokenCircuitException">Operations are not attempted now.</exception>
    public ValueTask<T> ExecuteAsync<T>(Func<Task<T>> run) =>
        _breaker.ExecuteAsync(static (run, _) => new ValueTask<T>(run()), run, CancellationToken.None);

    /// <summary>Tries an engine that requests have found to fail, for the case that no further request needs it.</summary>
    public async Task ProbeAsync(ISharedCacheEngine engine)
    {
        if (_state.CircuitState == CircuitState.Closed || !IsClosed)
            return;

        try
        {
            await ExecuteAsync(() => TimeLimited.RunAsync(it => engine.GetAsync(ProbeKey, it), s_pause, _time));
        }
        catch (Exception)
        {
            // It still fails, or a request tries it.
        }
    }
}
