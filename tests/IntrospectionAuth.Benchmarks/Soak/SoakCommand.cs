using System.Globalization;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>
/// Runs full load for a long time, with tokens that are issued, expire and are revoked, and with an authorization server that fails in
/// every way. Each response of the API is checked.
/// </summary>
internal sealed class SoakCommand(TimeSpan duration, IEnumerable<string> settings)
{
    private const int Connections = 32,
        Samples = 20;

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly FigureSet _figures = new();
    private readonly SoakTally _tally = new();

    public static async Task<int> RunAsync(string[] arguments, string folder)
    {
        double minutes = arguments is [string first, ..] ? double.Parse(first, CultureInfo.InvariantCulture) : 10;
        var soak = new SoakCommand(TimeSpan.FromMinutes(minutes), arguments.Skip(1));
        Machine.Describe(soak._figures, string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes"));
        await soak.RunAsync();
        FigureFiles.Save(soak._figures, folder, "soak");
        return soak.Verdict();
    }

    private async Task RunAsync()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using var gate = new Gate(server.BaseAddress);
        string endpoint = new UriBuilder(server.IntrospectionEndpoint) { Port = gate.Port }
            .Uri
            .AbsoluteUri;
        await using ApiProcess api = await ApiProcess.StartAsync([
            $"IntrospectionEndpoint={endpoint}",
            $"ClientId={server.ClientId}",
            $"ClientSecret={server.ClientSecret}",
            .. SoakSettings.ForTheApi,
            .. settings,
        ]);

        var ledger = new TokenLedger(server, _clock);
        var faults = new FaultLog();
        var injector = new FaultInjector(server, gate, faults, _clock);
        using HttpClient client = api.CreateClient(Connections);
        using var stop = new CancellationTokenSource(duration, _clock);

        var worker = new LoadWorker(client, ledger, new Oracle(faults), _tally, _clock);
        await Task.WhenAll([
            .. Enumerable.Range(0, Connections).Select(_ => Task.Run(() => worker.RunAsync(stop.Token))),
            ledger.RotateAsync(stop.Token),
            injector.RunAsync(stop.Token),
            SampleAsync(api, stop.Token),
        ]);

        _figures.Add("soak/minutes", "", duration.TotalMinutes);
        _figures.Add("soak/responses", "", _tally.Total);
        foreach ((int status, int count) in _tally.Statuses)
            _figures.Add($"soak/responses/{status}", "", count);
        _figures.Add("soak/wrong-responses", "", _tally.WrongCount);
        _figures.Add("soak/longest-after-revocation", "ms", _tally.LongestAfterRevocation.TotalMilliseconds);
        _figures.Add("soak/maximum-age", "ms", SoakSettings.MaximumAge.TotalMilliseconds);
        _figures.Add("soak/tokens-issued", "", ledger.Issued);
        _figures.Add("soak/tokens-revoked", "", ledger.Revoked);
        foreach ((string fault, int count) in injector.Injected)
            _figures.Add($"soak/faults/{fault}", "", count);
        foreach ((int number, string wrong) in _tally.Wrong.Index())
            _figures.Notes[string.Create(CultureInfo.InvariantCulture, $"wrong-{number:D2}")] = wrong;
    }

    /// <summary>Samples the API's heap at intervals; the first sample is taken after the caches have filled.</summary>
    private async Task SampleAsync(ApiProcess api, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(duration / (Samples + 1), _clock, stop);
                (long heap, int unobserved) = await api.DiagnoseAsync();
                _figures.Add("soak/heap", "bytes", heap);
                _figures.Add("soak/unobserved-exceptions", "", unobserved);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The load has ended.
        }
    }

    private int Verdict()
    {
        IReadOnlyList<double> heap = _figures["soak/heap"].Rounds;
        int third = heap.Count / 3;
        double early = Statistics.Quantile(heap.Skip(third).Take(third), 0.5),
            late = Statistics.Quantile(heap.TakeLast(third), 0.5);
        bool isFlat = late <= (early * 1.2) + 2_000_000;
        double unobserved = _figures["soak/unobserved-exceptions"].Highest;

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_tally.Total} responses, {_tally.WrongCount} wrong; {unobserved} unobserved exceptions; "
                    + $"heap {early:#,0} → {late:#,0} bytes: {(isFlat ? "flat" : "GROWING")}"
            )
        );
        return _tally.WrongCount == 0 && unobserved == 0 && isFlat ? 0 : 1;
    }
}
