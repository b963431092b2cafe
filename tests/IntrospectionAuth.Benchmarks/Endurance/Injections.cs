using System.Collections.Concurrent;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>How often each fault was injected.</summary>
internal sealed class Injections(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, int>> Counts => _counts.OrderBy(static count => count.Key, StringComparer.Ordinal);

    /// <param name="kind">The part that fails: <c>server</c>, <c>engine</c>, <c>node</c> or <c>reload</c>.</param>
    /// <param name="name">The name of the fault.</param>
    /// <param name="place">Where it is injected.</param>
    public void Count(string kind, string name, string place = "")
    {
        _counts.AddOrUpdate($"{kind}/{name}", 1, static (_, count) => count + 1);
        Console.WriteLine(FormattableString.Invariant($"{clock.GetUtcNow():HH:mm:ss.fff} {kind}: {name} {place}"));
    }

    /// <summary>Runs one sequence of faults until the load ends.</summary>
    public static async Task RunAsync(Func<int, Task> injectAsync, CancellationToken stop)
    {
        try
        {
            for (int turn = 0; !stop.IsCancellationRequested; turn++)
                await injectAsync(turn);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The load has ended.
        }
    }
}
