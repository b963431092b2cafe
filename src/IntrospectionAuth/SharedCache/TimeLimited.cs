namespace IntrospectionAuth.SharedCache;

/// <summary>Limits the time of an operation that may ignore its cancellation.</summary>
internal static class TimeLimited
{
    /// <exception cref="TimeoutException">The time has passed, or the application stops.</exception>
    public static async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> run,
        TimeSpan timeout,
        TimeProvider time,
        CancellationToken stopping = default
    )
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stopping);
        Task<T> running = run(limit.Token);
        try
        {
            return await running.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested)
        {
            // No caller waits for the operation any longer. Its exception is observed here.
            _ = running.ContinueWith(
                static ended => ended.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
            throw new TimeoutException("The engine of the shared cache did not respond in time.", exception);
        }
    }
}
