using IntrospectionAuth.Http;

namespace IntrospectionAuth;

/// <summary>Runs code of the application that may block its thread, and counts the threads that it has not given back in time.</summary>
internal sealed class StuckThreads
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <returns>The result of the code.</returns>
    /// <exception cref="OperationCanceledException">The time is up. The code runs on.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> code, CancellationToken cancellationToken)
    {
        // The inner task is the work. The outer task ends when the code releases its thread.
        Task<Task<T>> giving = Task.Factory.StartNew(
            code,
            CancellationToken.None,
            TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default
        );
        Task<T> work = giving.Unwrap();
        try
        {
            await work.WithinTimeoutAsync(cancellationToken);
            return await work;
        }
        finally
        {
            if (!giving.IsCompleted)
                Add(giving);
        }
    }

    private void Add(Task thread)
    {
        Interlocked.Increment(ref _count);
        _ = thread.ContinueWith(
            static (_, stuck) => Interlocked.Decrement(ref ((StuckThreads)stuck!)._count),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }
}
