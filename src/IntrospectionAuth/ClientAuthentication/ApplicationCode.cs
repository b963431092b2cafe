using System.Collections.Concurrent;

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

        return await stuck.RunAsync(
            async () =>
            {
                await code();
                return true;
            },
            request.CancellationToken
        );
    }
}
