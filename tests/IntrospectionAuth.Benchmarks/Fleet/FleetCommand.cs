using System.Globalization;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>
/// Runs three nodes under full load for a long time, with tokens that are issued, expire, are revoked and are removed on any node, while
/// the engine fails in every way. Each response is judged.
/// </summary>
internal sealed class FleetCommand(TimeSpan duration, string folder)
{
    private const int Nodes = 3,
        Workers = 24,
        Samples = 20;

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly FigureSet _figures = new();
    private readonly FleetTally _tally = new();

    public static async Task<int> RunAsync(string[] arguments, string folder)
    {
        double minutes = arguments is [string first, ..] ? double.Parse(first, CultureInfo.InvariantCulture) : 10;
        Directory.CreateDirectory(folder);
        var soak = new FleetCommand(TimeSpan.FromMinutes(minutes), folder);
        Machine.Describe(soak._figures, string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes"));
        await soak.RunAsync();
        FigureFiles.Save(soak._figures, folder, "fleet-soak");
        return soak.Verdict();
    }

    private async Task RunAsync()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        server.RespondWith(context => RespondAsync(server, context));
        await using EngineProcess engine = await EngineProcess.StartAsync();
        FleetNode[] nodes = await Task.WhenAll(Enumerable.Range(1, Nodes).Select(number => StartNodeAsync(number, server, engine)));

        var ledger = new FleetLedger(server, nodes, _tally, _clock);
        var windows = new FaultWindows();
        var faults = new FleetFaults(engine, nodes, ledger, windows, _tally, _clock);
        var load = new FleetLoad(nodes, ledger, windows, _tally, _clock);
        using var stop = new CancellationTokenSource(duration, _clock);
        await Task.WhenAll([
            .. Enumerable.Range(0, Workers).Select(_ => Task.Run(() => load.RunAsync(stop.Token))),
            Task.Run(() => ledger.RotateAsync(stop.Token)),
            Task.Run(() => faults.RunAsync(stop.Token)),
            SampleAsync(nodes, engine, stop.Token),
        ]);

        foreach (FleetNode node in nodes)
            await node.DisposeAsync();
        Record(ledger, faults);
    }

    private Task<FleetNode> StartNodeAsync(int number, FakeAuthorizationServer server, EngineProcess engine) =>
        FleetNode.StartAsync(
            number,
            server,
            engine,
            Path.GetFullPath(Path.Combine(folder, $"fleet-node-{number}.log")),
            connections: Workers
        );

    /// <summary>Some responses arrive late, so that removals meet calls in flight. They are as old as their request.</summary>
    private static async Task RespondAsync(FakeAuthorizationServer server, HttpContext context)
    {
        if (Random.Shared.Next(20) > 0)
        {
            await server.RespondNormallyAsync(context);
            return;
        }

        Stream body = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        await server.RespondNormallyAsync(context);
        context.Response.Body = body;
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(50, 500)), TimeProvider.System);
        buffer.Position = 0;
        await buffer.CopyToAsync(body);
    }

    private void Record(FleetLedger ledger, FleetFaults faults)
    {
        _figures.Add("fleet/minutes", "", duration.TotalMinutes);
        _tally.AddTo(_figures, "fleet");
        _figures.Add("fleet/tokens-issued", "", ledger.Issued);
        _figures.Add("fleet/tokens-removed", "", ledger.Removed);
        _figures.Add("fleet/tokens-revoked", "", ledger.Revoked);
        _figures.Add("fleet/calls", "", ledger.Calls);
        foreach ((string fault, int count) in faults.Injected)
            _figures.Add($"fleet/faults/{fault}", "", count);
        foreach ((string fault, double recovery) in faults.Recoveries)
            _figures.Add($"fleet/recovery/{fault}", "ms", recovery);
        foreach ((int number, string wrong) in _tally.Wrong.Index())
            _figures.Notes[string.Create(CultureInfo.InvariantCulture, $"wrong-{number:D2}")] = wrong;
    }

    /// <summary>Samples the memory of the nodes and of the engine at intervals.</summary>
    private async Task SampleAsync(FleetNode[] nodes, EngineProcess engine, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(duration / (Samples + 1), _clock, stop);
                foreach (FleetNode node in nodes)
                {
                    (long heap, int unobserved) = await node.DiagnoseAsync();
                    _figures.Add($"fleet/heap/{node.Number}", "bytes", heap);
                    _figures.Add("fleet/unobserved-exceptions", "", unobserved);
                }

                if (await engine.MeasureMemoryAsync() is { } memory)
                {
                    _figures.Add("fleet/engine", "bytes", memory.Used - memory.Feed);
                    _figures.Add("fleet/engine-feed", "bytes", memory.Feed);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The load has ended.
        }
    }

    private int Verdict()
    {
        bool isFlat = Enumerable.Range(1, Nodes).Select(number => $"fleet/heap/{number}").Append("fleet/engine").All(IsFlat);
        double unobserved = _figures["fleet/unobserved-exceptions"].Highest;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_tally.Total} responses, {_tally.WrongCount} wrong; {unobserved} unobserved exceptions; memory "
                    + $"{(isFlat ? "flat" : "GROWING")}"
            )
        );
        return _tally.WrongCount == 0 && unobserved == 0 && isFlat ? 0 : 1;
    }

    private bool IsFlat(string key)
    {
        IReadOnlyList<double> samples = _figures[key].Rounds;
        int third = samples.Count / 3;
        double early = Statistics.Quantile(samples.Skip(third).Take(third), 0.5),
            late = Statistics.Quantile(samples.TakeLast(third), 0.5);
        return late <= (early * 1.2) + 2_000_000;
    }
}
