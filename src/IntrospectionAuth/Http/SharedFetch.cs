namespace IntrospectionAuth.Http;

/// <summary>
/// Fetches once on behalf of everyone who waits: within <see cref="OAuthIntrospectionOptions.Timeout"/>, and again after a failure that may
/// be a moment's. Whatever goes wrong becomes a value.
/// </summary>
/// <remarks>The circuit breaker must not be the one to repeat such a fetch: each of those who wait would count as a failure, and open
/// it.</remarks>
internal static class SharedFetch
{
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="options">The options of the scheme.</param>
    /// <param name="attempt">Tries once.</param>
    /// <param name="fail">Makes a result of what was thrown.</param>
    /// <param name="stopping">Cancelled when the application stops.</param>
    public static async Task<T> RunAsync<T>(
        OAuthIntrospectionOptions options,
        Func<CancellationToken, Task<T>> attempt,
        Func<FetchFault, Exception, T> fail,
        CancellationToken stopping
    )
        where T : IFetchResult<T>
    {
        using var timeout = new CancellationTokenSource(options.Timeout, options.TimeProvider ?? TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        Task<T>? running = null;
        try
        {
            running = RepeatAsync(options, attempt, fail, either.Token);
            return await running.WaitAsync(either.Token); // a handler that ignores its cancellation must not outlast the timeout
        }
        catch (Exception exception) when (either.IsCancellationRequested)
        {
            _ = running?.ContinueWith(
                static abandoned => _ = abandoned.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
            return fail(stopping.IsCancellationRequested ? FetchFault.Stopped : FetchFault.TimedOut, exception);
        }
    }

    private static async Task<T> RepeatAsync<T>(
        OAuthIntrospectionOptions options,
        Func<CancellationToken, Task<T>> attempt,
        Func<FetchFault, Exception, T> fail,
        CancellationToken cancellationToken
    )
        where T : IFetchResult<T>
    {
        for (int left = options.Resilience.Enabled ? options.Resilience.Retries : 0; ; left--)
        {
            T result = await TryAsync(attempt, fail, cancellationToken);
            if (!result.MayBeRetried)
                return result;
            if (left == 0)
                return result.AsRetried();
        }
    }

    private static async Task<T> TryAsync<T>(
        Func<CancellationToken, Task<T>> attempt,
        Func<FetchFault, Exception, T> fail,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await attempt(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return fail(FetchFault.Unreachable, exception);
        }
    }
}
