namespace IntrospectionAuth.Http;

/// <summary>Holds each step of an exchange to the timeout of the whole.</summary>
internal static class TimeLimit
{
    /// <summary>Code that ignores its cancellation must not outlast the timeout; what comes of it afterwards interests nobody.</summary>
    public static async Task WithinTimeoutAsync(this Task task, ClientAuthenticationContext request)
    {
        try
        {
            await task.WaitAsync(request.CancellationToken);
        }
        catch (OperationCanceledException) when (request.HasTimedOut)
        {
            _ = task.ContinueWith(Discard, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    private static void Discard(Task abandoned)
    {
        _ = abandoned.Exception;
        if (abandoned is Task<HttpResponseMessage> { IsCompletedSuccessfully: true } sending)
            sending.Result.Dispose();
    }
}
