using System.Globalization;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Fleet;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>
/// Runs a fleet of nodes with several tenants for a long time at a low rate, while everything around it fails, changes and restarts at
/// once. Each response is judged, and the processes are measured.
/// </summary>
internal sealed class EnduranceCommand(TimeSpan duration, string folder)
{
    private const int Nodes = 3,
        Workers = 15,
        RequestsPerSecond = 150,
        Samples = 60;

    private static readonly TimeSpan s_firstSample = TimeSpan.FromSeconds(20),
        s_end = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly FigureSet _figures = new();
    private readonly FleetTally _tally = new();

    public static async Task<int> RunAsync(string[] arguments, string folder)
    {
        double minutes = arguments is [string first, ..] ? double.Parse(first, CultureInfo.InvariantCulture) : 60;
        string own = Path.Combine(folder, "endurance");
        if (Directory.Exists(own))
            Directory.Delete(own, recursive: true); // the logs of an earlier run
        Directory.CreateDirectory(own);

        var command = new EnduranceCommand(TimeSpan.FromMinutes(minutes), own);
        Machine.Describe(command._figures, string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes"));
        await command.RunAsync();
        FigureFiles.Save(command._figures, folder, "endurance");
        return EnduranceVerdict.Print(command._figures);
    }

    private async Task RunAsync()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        TenantServer[] servers = await Task.WhenAll(TenantNames.All.Select(name => TenantServer.StartAsync(name, _clock)));
        Dictionary<string, TenantServer> byName = servers.ToDictionary(static server => server.Name, StringComparer.Ordinal);
        await using EngineProcess engine = await EngineProcess.StartAsync();
        EnduranceNode[] nodes = [.. Enumerable.Range(1, Nodes).Select(number => new EnduranceNode(number, engine.Port, folder, _clock))];

        var surroundings = new Surroundings(byName, Nodes);
        var injections = new Injections(_clock);
        var reloads = new Reloads(nodes, new NodeSettings(byName), surroundings, injections, _clock);
        reloads.Write();
        await Task.WhenAll(nodes.Select(static node => node.StartAsync()));

        var ledger = new EnduranceLedger(byName, _clock);
        using var builder = new AttemptBuilder(nodes, ledger);
        var load = new EnduranceLoad(nodes, builder, new Judge(surroundings, _tally), _tally, surroundings, _clock);
        var revocations = new Revocations(nodes, ledger, load, surroundings, _tally, _clock);
        StallProbe[] probes = [.. nodes.Select(node => new StallProbe(node, surroundings.Stalls[node.Number - 1], _clock))];
        using var stop = new CancellationTokenSource(duration, _clock);
        TimeSpan interval = TimeSpan.FromSeconds((double)Workers / RequestsPerSecond);
        await Task.WhenAll([
            .. Enumerable.Range(0, Workers).Select(_ => Task.Run(() => load.RunAsync(interval, stop.Token))),
            .. probes.Select(probe => Task.Run(() => probe.RunAsync(stop.Token))),
            Task.Run(() => revocations.RunAsync(stop.Token)),
            Task.Run(() => new ServerIncidents(surroundings, injections, _clock).RunAsync(stop.Token)),
            Task.Run(() => new EngineIncidents(engine, nodes, surroundings, injections, _clock).RunAsync(stop.Token)),
            Task.Run(() => reloads.RunAsync(stop.Token)),
            Task.Run(() => SampleAsync(nodes[..^1], stop.Token)),
        ]);

        await Task.Delay(s_end, _clock);
        _figures.Add("endurance/in-flight/requests", "", load.Running);
        _figures.Add("endurance/in-flight/calls", "", servers.Sum(static server => server.Active));
        _figures.Add("endurance/processor-time", "ms", nodes[..^1].Average(static node => node.Process.ProcessorTime.TotalMilliseconds));
        foreach (EnduranceNode node in nodes)
            await node.DisposeAsync();
        Record(load, revocations, injections, NodeLogs.Read(folder, surroundings, start));
        _figures.Add("endurance/stalls", "", probes.Sum(static probe => probe.Count));
        _figures.Add("endurance/stalled", "ms", probes.Max(static probe => probe.Total.TotalMilliseconds));
        _figures.Add("endurance/tokens-issued", "", ledger.Issued);
        _figures.Add("endurance/calls", "", servers.Sum(static server => server.Calls));
        foreach (TenantServer server in servers)
            await server.DisposeAsync();
    }

    private void Record(EnduranceLoad load, Revocations revocations, Injections injections, (int Count, string[] Unexplained) errors)
    {
        _figures.Add("endurance/minutes", "", duration.TotalMinutes);
        _tally.AddTo(_figures, "endurance");
        _figures.Add("endurance/replays", "", load.Replays);
        _figures.Add("endurance/tokens-revoked", "", revocations.Revoked);
        _figures.Add("endurance/tokens-removed", "", revocations.Removed);
        _figures.Add("endurance/logouts", "", revocations.LoggedOut);
        _figures.Add("endurance/errors", "", errors.Count);
        _figures.Add("endurance/unexplained-errors", "", errors.Unexplained.Length);
        foreach ((string fault, int count) in injections.Counts)
            _figures.Add($"endurance/faults/{fault}", "", count);
        foreach ((int number, string wrong) in _tally.Wrong.Concat(errors.Unexplained.Take(50)).Index())
            _figures.Notes[string.Create(CultureInfo.InvariantCulture, $"wrong-{number:D2}")] = wrong;
    }

    /// <summary>Samples the nodes that are never restarted.</summary>
    private async Task SampleAsync(EnduranceNode[] nodes, CancellationToken stop)
    {
        TimeSpan interval = duration / Samples;
        try
        {
            await Task.Delay(s_firstSample, _clock, stop);
            while (true)
            {
                foreach (EnduranceNode node in nodes)
                    await NodeSample.AddAsync(node, _figures);
                await Task.Delay(interval, _clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The load has ended.
        }
    }
}
