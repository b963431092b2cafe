using Polly.CircuitBreaker;

namespace IntrospectionAuth.SharedCache;

/// <summary>
/// Runs the operations of the engine for requests: within the timeout, and not at all while the engine fails. A failure is a value.
/// </summary>
internal sealed class EngineGuard(EngineBreaker breaker, TimeSpan timeout, TimeProvider time, FleetMetrics metrics)
{
    /// <inheritdoc cref="EngineBreaker.IsClosed"/>
    public bool IsClosed => breaker.IsClosed;

    /// <returns>Whether the operation ended in time, and its result.</returns>
    public async Task<(bool Succeeded, T? Value)> TryAsync<T>(string operation, Func<CancellationToken, Task<T>> run)
    {
        if (!IsClosed)
            return default; // without the cost of an exception

        try
        {
            // An engine may ignore its cancellation, so the wait ends with the timeout in any case.
            return (true, await breaker.ExecuteAsync(() => TimeLimited.RunAsync(run, timeout, time)));
        }
        catch (BrokenCircuitException)
        {
            return default;
        }
        catch (Exception exception)
        {
            metrics.OperationFailed(operation, exception);
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
}
