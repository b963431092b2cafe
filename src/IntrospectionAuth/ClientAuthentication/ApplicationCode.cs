using System.Collections.Concurrent;
using IntrospectionAuth.Http;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>
/// Runs the application's own part of a call, an event handler or a client authentication method, so that it cannot outlast the timeout:
/// not even
/// when it blocks the thread on which it runs.
/// </summary>
internal sealed class ApplicationCode
{
    // Whatever is called each time and never returns must not take one thread after the other.
    private readonly ConcurrentDictionary<string, StuckThreads> _stuck = new(StringComparer.Ordinal);

    /// <returns>Whether it has run. It has not when so many threads are stuck in the application's code already that no other may
    /// be.</returns>
    /// <exception cref="OperationCanceledException">The timeout has passed, or the application stops.</exception>
    public async Task<bool> RunAsync(ClientAuthenticationContext request, Func<Task> code)
    {
        StuckThreads stuck = _stuck.GetOrAdd(request.Scheme, static _ => new StuckThreads());
        if (stuck.Count >= request.Options.Resilience.MaximumConcurrentCalls)
            return false;

        // The inner task is the work; the outer one ends when the code has given its thread back.
        Task<Task> giving = Task.Factory.StartNew(code, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        try
        {
            await giving.Unwrap().WithinTimeoutAsync(request.CancellationToken);
            return true;
        }
        finally
        {
            if (!giving.IsCompleted)
                stuck.Add(giving);
        }
    }

    private sealed class StuckThreads
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add(Task thread)
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
}
