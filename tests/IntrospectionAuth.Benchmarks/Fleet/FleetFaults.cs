using StackExchange.Redis;

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
        FleetFault[] faults = Faults();
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

    private FleetFault[] Faults() =>
        [
            OfNetwork("cut", static node => node.Network.Cut()),
            OfNetwork("slow by 10 ms", static node => node.Network.Delay(TimeSpan.FromMilliseconds(10))) with
            {
                KeepsFeed = true,
            },
            OfEngine("flush", () => engine.SendAsync("FLUSHALL"), () => Task.CompletedTask) with
            {
                KeepsFeed = true,
            },
            OfNetwork("hang", static node => node.Network.Hang()),
            OfEngine("restart", engine.RestartAsync, () => Task.CompletedTask),
            OfNetwork("slow by 300 ms", static node => node.Network.Delay(TimeSpan.FromMilliseconds(300))),
            OfEngine("full", () => Set("maxmemory", "1"), () => Set("maxmemory", "0")),
            OfNetwork("dropped connections", static node => node.Network.DropConnections()),
            OfOne("one node cut", nodes[1], static node => node.Network.Cut()),
            OfEngine("no replicas to write to", () => Set("min-replicas-to-write", "1"), () => Set("min-replicas-to-write", "0")),
            OfEngine("stopped", engine.EndAsync, engine.BeginAsync),
            OfOne("one node hangs", nodes[2], static node => node.Network.Hang()),
            OfEngine("locked out", LockOutAsync, () => engine.SendAsync("ACL", "SETUSER", "default", "on")),
            OfEngine(
                "writes forbidden",
                () => engine.SendAsync("ACL", "SETUSER", "default", "-@write"),
                () => engine.SendAsync("ACL", "SETUSER", "default", "+@all")
            ),
            OfEngine(
                "read-only replica",
                () => engine.SendAsync("REPLICAOF", "127.0.0.1", "1"),
                () => engine.SendAsync("REPLICAOF", "NO", "ONE")
            ),
            OfEngine("evicting everything", () => Evict("allkeys-random", "2mb"), () => Evict("noeviction", "0")),
        ];

    private static FleetFault OfEngine(string name, Func<Task> begin, Func<Task> end) => new(name, begin, end);

    private FleetFault OfNetwork(string name, Action<FleetNode> begin) =>
        new(name, () => ForEach(begin), () => ForEach(static node => node.Network.Restore()));

    private static FleetFault OfOne(string name, FleetNode node, Action<FleetNode> begin) =>
        new(name, () => Do(() => begin(node)), () => Do(node.Network.Restore)) { Nodes = [node.Number] };

    private Task<RedisResult> Set(string name, string value) => engine.SendAsync("CONFIG", "SET", name, value);

    private async Task Evict(string policy, string memory)
    {
        await Set("maxmemory-policy", policy);
        await Set("maxmemory", memory);
    }

    private async Task LockOutAsync()
    {
        await engine.SendAsync("ACL", "SETUSER", "default", "off");
        await engine.CloseConnectionsAsync();
    }

    private Task ForEach(Action<FleetNode> action) => Do(() => nodes.ToList().ForEach(action));

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
