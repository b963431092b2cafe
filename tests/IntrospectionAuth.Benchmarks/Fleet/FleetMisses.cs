using System.Diagnostics;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Testing;
using StackExchange.Redis;

namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>Measures the requests that the engine serves, and those while it hangs.</summary>
internal sealed class FleetMisses(FakeAuthorizationServer server, EngineProcess engine, FleetNode[] nodes, FigureSet figures)
{
    private const int Count = 2_000,
        WarmUp = 500;

    public async Task MeasureAsync()
    {
        await MeasureEngineAsync();
        await MeasureHangingAsync();
    }

    /// <summary>Another node has introspected the token: one round trip to the engine, and no call.</summary>
    private async Task MeasureEngineAsync()
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(nodes[1].Network.Address);
        IDatabase database = connection.GetDatabase();
        var hits = new List<double>();
        var misses = new List<double>();
        var calls = new List<double>();
        var trips = new List<double>();
        for (int i = 0; i < WarmUp + Count; i++)
        {
            string token = server.IssueToken("read");
            double call = await TimeAsync(() => nodes[0].ReadAsync(token));
            double trip = await TimeAsync(() => database.StringGetAsync("none"));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System); // until the response is stored
            double miss = await TimeAsync(() => nodes[1].ReadAsync(token));
            double hit = await TimeAsync(() => nodes[1].ReadAsync(token));
            if (i < WarmUp)
                continue;

            calls.Add(call);
            trips.Add(trip);
            misses.Add(miss);
            hits.Add(hit);
        }

        figures.Take(new Figure("fleet/request/hit", "µs", [Statistics.Quantile(hits, 0.5)]));
        figures.Take(new Figure("fleet/request/engine", "µs", [Statistics.Quantile(misses, 0.5)]));
        figures.Take(new Figure("fleet/request/server", "µs", [Statistics.Quantile(calls, 0.5)]));
        figures.Take(new Figure("fleet/round-trip", "µs", [Statistics.Quantile(trips, 0.5)]));
        await engine.SendAsync("FLUSHALL");
    }

    /// <summary>The first misses wait for the engine; then the node leaves it out.</summary>
    private async Task MeasureHangingAsync()
    {
        for (int i = 0; i < WarmUp; i++)
            await nodes[2].ReadAsync(server.IssueToken("read"));
        nodes[2].Network.Hang();
        var times = new List<double>();
        for (int i = 0; i < 300; i++)
        {
            string token = server.IssueToken("read");
            times.Add(await TimeAsync(() => nodes[2].ReadAsync(token)));
        }

        nodes[2].Network.Restore();
        figures.Add("fleet/hanging/slowest", "µs", times.Max());
        figures.Add("fleet/hanging/waited", "", times.Count(static time => time > 40_000));
        figures.Add("fleet/hanging/median", "µs", Statistics.Quantile(times, 0.5));
    }

    /// <returns>Microseconds.</returns>
    private static async Task<double> TimeAsync(Func<Task> run)
    {
        long started = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }
}
