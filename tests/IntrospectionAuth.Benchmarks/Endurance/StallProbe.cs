using IntrospectionAuth.Benchmarks.Soak;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>
/// Requests an endpoint without authentication from a node all the time. While it is slow, the machine has no processor time for the node,
/// for this process or for both, and a timeout says nothing about the library.
/// </summary>
internal sealed class StallProbe(EnduranceNode node, FaultLog stalls, TimeProvider clock)
{
    /// <summary>How long a verdict about timing waits, so that a stall is known.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(400),
        s_call = TimeSpan.FromSeconds(3), // with the rest of its time, a call may take longer than Timeout
        s_interval = TimeSpan.FromMilliseconds(100);

    /// <summary>The number of stalls.</summary>
    public int Count { get; private set; }

    /// <summary>How long they lasted in all.</summary>
    public TimeSpan Total { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            DateTimeOffset start = clock.GetUtcNow();
            await node.ProbeAsync();
            await Task.Delay(s_interval, clock, CancellationToken.None);
            DateTimeOffset end = clock.GetUtcNow();
            if (end - start < s_slow)
                continue;

            Count++;
            Total += end - start;
            stalls.Begin(start);
            bool mayOpenCircuit = end - start > s_call;
            stalls.End(end + SoakSettings.Slack + (mayOpenCircuit ? SoakSettings.Pause : TimeSpan.Zero));
        }
    }
}
