using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>Measures a fleet: removals, misses, the size of entries, and calls to the authorization server.</summary>
internal sealed class FleetMeasureCommand(FakeAuthorizationServer server, EngineProcess engine, FigureSet figures)
{
    private const int Tokens = 10_000,
        Parallelism = 24;

    private static readonly int[] s_sizes = [1, 3, 9];

    public static async Task RunAsync(string folder)
    {
        var figures = new FigureSet();
        Machine.Describe(figures, "full");
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using EngineProcess engine = await EngineProcess.StartAsync();
        var command = new FleetMeasureCommand(server, engine, figures);

        FleetNode[] nodes = await Task.WhenAll(Enumerable.Range(1, 3).Select(command.StartNodeAsync));
        await new FleetMisses(server, engine, nodes, figures).MeasureAsync();
        await command.MeasureEntriesAsync(nodes[0]);
        await new FleetRemovals(server, nodes, figures).MeasureAsync();

        nodes =
        [
            .. nodes,
            .. await Task.WhenAll(Enumerable.Range(nodes.Length + 1, s_sizes.Max() - nodes.Length).Select(command.StartNodeAsync)),
        ];
        foreach (int size in s_sizes)
            await command.MeasureCallsAsync(nodes[..size]);

        figures.Add("load", "", Machine.Load());
        foreach (FleetNode node in nodes)
            await node.DisposeAsync();
        FigureFiles.Save(figures, folder, "fleet");
    }

    private Task<FleetNode> StartNodeAsync(int number) =>
        FleetNode.StartAsync(
            number,
            server,
            engine,
            log: null,
            Parallelism,
            "Cache:MaximumAge=01:00:00",
            "Cache:RefreshAfter=00:50:00",
            "SharedCache:FeedPatience=00:00:10"
        );

    /// <summary>The memory of the engine with many entries more, divided by their number.</summary>
    private async Task MeasureEntriesAsync(FleetNode node)
    {
        await engine.SendAsync("FLUSHALL");
        (long before, _) = (await engine.MeasureMemoryAsync())!.Value;
        await ForEachTokenAsync(token => node.ReadAsync(token));
        (long after, _) = (await engine.MeasureMemoryAsync())!.Value;
        figures.Add("fleet/bytes-per-entry", "bytes", (after - before) / (double)Tokens);
    }

    /// <summary>Sends each token to all nodes at the same time.</summary>
    private async Task MeasureCallsAsync(FleetNode[] nodes)
    {
        server.ClearCalls();
        await ForEachTokenAsync(token => Task.WhenAll(nodes.Select(node => node.ReadAsync(token))));
        figures.Add(FormattableString.Invariant($"fleet/calls/{nodes.Length}"), "", server.CallCount);
        server.ClearCalls();
    }

    private Task ForEachTokenAsync(Func<string, Task> send) =>
        Parallel.ForAsync(
            0,
            Tokens,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism / 2 },
            async (_, _) => await send(server.IssueToken("read"))
        );
}
