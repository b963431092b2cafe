using System.Collections.Concurrent;
using IntrospectionAuth.Http;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>
/// Runs the application's own code in a call, an event handler or a client authentication method, so that it cannot outlast the timeout,
/// even if it blocks its thread.
/// </summary>
internal sealed class ApplicationCode
{
    // Bounded: code that never returns must not block one more thread at each call.
    private readonly ConcurrentDictionary<string, StuckThreads> _stuck = new(StringComparer.Ordinal);

    /// <returns>Whether the code has run: it does not when too many threads are already stuck in it.</returns>
    /// <exception cref="OperationCanceledException">The timeout has passed, or the application stops.</exception>
    public async Task<bool> RunAsync(ClientAuthenticationContext request, Func<Task> code)
    {
        StuckThreads stuck = _stuck.GetOrAdd(request.Scheme, static _ => new StuckThreads());
        if (stuck.Count >= request.Options.Resilience.MaximumConcurrentCalls)
            return false;

        // The inner task is the work. The outer task ends when the code releases its thread.
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
