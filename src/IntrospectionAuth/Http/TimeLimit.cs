namespace IntrospectionAuth.Http;

/// <summary>Applies the timeout of a call to each of its steps.</summary>
internal static class TimeLimit
{
    /// <summary>
    /// Stops waiting when the timeout has passed, even if the task ignores its cancellation. Its outcome is then discarded.
    /// </summary>
    public static async Task WithinTimeoutAsync(this Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = task.ContinueWith(Discard, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    private static void Discard(Task abandoned)
    {
        _ = abandoned.Exception; // An exception that is never observed would be reported.
        if (abandoned is Task<HttpResponseMessage> { IsCompletedSuccessfully: true } sending)
            sending.Result.Dispose();
    }
}
