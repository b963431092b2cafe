namespace IntrospectionAuth;

/// <summary>Starts work that belongs to no request.</summary>
internal static class BackgroundWork
{
    /// <summary>Queues the work and returns at once. The work reports its own failures; an exception that it throws is dropped.</summary>
    public static void Start<TState>(TState state, Func<TState, Task> work) =>
        // Unsafe: the execution context of the request, with its HttpContext, activity and AsyncLocals, does not flow into the work.
        ThreadPool.UnsafeQueueUserWorkItem(static item => _ = RunAsync(item.state, item.work), (state, work), preferLocal: false);

    private static async Task RunAsync<TState>(TState state, Func<TState, Task> work)
    {
        try
        {
            await work(state);
        }
        catch (Exception)
        {
            // Observed here, or it would reach TaskScheduler.UnobservedTaskException.
        }
    }
}
