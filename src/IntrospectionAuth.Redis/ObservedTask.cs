namespace IntrospectionAuth.Redis;

/// <summary>Observes the exceptions of tasks that are not awaited to their end.</summary>
internal static class ObservedTask
{
    /// <summary>Observes the task's exception, so that it is not reported as unobserved when the wait for the task was cancelled.</summary>
    public static T Observed<T>(this T task)
        where T : Task
    {
        if (!task.IsCompletedSuccessfully)
        {
            _ = task.ContinueWith(
                static failed => failed.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }

        return task;
    }
}
