namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>Injects one fault after another. In between it waits until the feed works on every node, and for a while of calm.</summary>
internal sealed class FleetFaults(
    EngineProcess engine,
    IReadOnlyList<FleetNode> nodes,
    FleetLedger ledger,
    FaultWindows windows,
    FleetTally tally,
    TimeProvider clock
)
{
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_probe = TimeSpan.FromMilliseconds(20);

    public SortedDictionary<string, int> Injected { get; } = new(StringComparer.Ordinal);

    /// <summary>How long the feed took to work again on every node, in milliseconds.</summary>
    public Dictionary<string, double> Recoveries { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken stop)
    {
        FleetFault[] faults = new EngineFaults(engine, [.. nodes.Select(static node => node.Network)]).All();
        try
        {
            await Task.Delay(s_calm, clock, stop);
            for (int turn = 0; !stop.IsCancellationRequested; turn++)
            {
                FleetFault fault = faults[turn % faults.Length];
                Injected[fault.Name] = Injected.GetValueOrDefault(fault.Name) + 1;
                Console.WriteLine(FormattableString.Invariant($"{clock.GetUtcNow():HH:mm:ss.fff} {fault.Name}"));
                await InjectAsync(fault, TimeSpan.FromSeconds(1 + (turn * 5 % 8)), stop);
                await Task.Delay(s_calm, clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The load has ended.
        }
    }

    private async Task InjectAsync(FleetFault fault, TimeSpan duration, CancellationToken stop)
    {
        if (!fault.KeepsFeed)
            windows.Begin(fault.Name, fault.Nodes, clock.GetUtcNow());
        try
        {
            await fault.Begin();
            await Task.Delay(duration, clock, stop);
        }
        finally
        {
            await fault.End();
        }

        if (fault.KeepsFeed)
            return;

        DateTimeOffset endedAt = clock.GetUtcNow();
        while (!await PropagatesAsync())
            await Task.Delay(s_probe, clock, stop);
        TimeSpan took = clock.GetUtcNow() - endedAt;
        windows.End(clock.GetUtcNow());
        Recoveries[fault.Name] = Math.Max(Recoveries.GetValueOrDefault(fault.Name), took.TotalMilliseconds);
        if (took > FleetSettings.Recovery)
            tally.Report(FormattableString.Invariant($"the feed took {took.TotalSeconds:0.0} s to work again after {fault.Name}"));
    }

    /// <summary>Whether a removal on each node takes effect on all nodes in the promised time.</summary>
    private async Task<bool> PropagatesAsync()
    {
        foreach (FleetNode node in nodes)
        {
            FleetToken token = ledger.Issue();
            foreach (FleetNode other in nodes)
                await other.ReadAsync(token.Value);
            await ledger.RemoveAsync(token, node);
            while ((await Task.WhenAll(nodes.Select(other => other.ReadAsync(token.Value)))).Any(static read => read.Status == 200))
            {
                if (clock.GetUtcNow() - token.RemovedAt > FleetSettings.Promise)
                    return false;
                await Task.Delay(s_probe, clock);
            }
        }

        return true;
    }
}
