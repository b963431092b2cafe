using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.InProcess;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>A very large cache: its memory, the time of a hit, and how long the garbage collector stops the application.</summary>
internal static class ManyTokens
{
    private const int Rounds = 5,
        Hits = 400_000,
        HitsBetweenLooks = 1_000;

    public static async Task MeasureAsync(FigureSet figures, Effort effort)
    {
        var workload = new Workload(tokens: effort.ManyTokens);
        var contender = new OurHandlerWithOptions(options =>
        {
            options.Cache.MaximumEntries = effort.ManyTokens;
            options.Cache.MaximumAge = TimeSpan.FromDays(1);
        })
        {
            PrimaryHandler = new OwnResponses(workload),
        };
        await using BenchmarkHost floor = await BenchmarkHost.StartAsync(new FrameworkFloor(), workload);
        await using BenchmarkHost ours = await BenchmarkHost.StartAsync(contender, workload);

        long before = Heap.Measure();
        await Parallel.ForEachAsync(workload.Headers, async (header, _) => await HitAsync(ours, header));
        figures.Add("many-tokens/count", "", effort.ManyTokens);
        figures.Add("many-tokens/memory", "bytes", (double)(Heap.Measure() - before) / effort.ManyTokens);

        var pauses = new GarbageCollections();
        for (int round = 0; round <= Rounds; round++)
        {
            double[] times = [await TimeAsync(floor, workload, pauses: null), await TimeAsync(ours, workload, pauses)];
            if (round == 0)
                continue; // warm-up
            figures.Add("many-tokens/floor", "ns", times[0]);
            figures.Add("many-tokens/hit", "ns", times[1]);
        }

        figures.Add("many-tokens/pause/young", "ns", Statistics.Quantile(pauses.Young, 0.5));
        figures.Add("many-tokens/pause/young-longest", "ns", pauses.Young.Max());
        figures.Add("many-tokens/pause/background", "ns", await GarbageCollections.CollectInBackgroundAsync());
        figures.Add("many-tokens/pause/full", "ns", GarbageCollections.CollectBlocking());
    }

    /// <returns>The time of a request in nanoseconds.</returns>
    private static async Task<double> TimeAsync(BenchmarkHost host, Workload workload, GarbageCollections? pauses)
    {
        var clock = ThreadClock.OrWallClock();
        long start = clock.GetTimestamp();
        for (int i = 0; i < Hits; i++)
        {
            await HitAsync(host, new string(workload.NextHeader().AsSpan())); // never leaves the thread
            if (i % HitsBetweenLooks == 0)
                pauses?.Look();
        }

        return (clock.GetTimestamp() - start) * 1e9 / clock.Frequency.Hertz / Hits;
    }

    private static async Task HitAsync(BenchmarkHost host, string header)
    {
        AuthenticateResult result = await host.AuthenticateAsync(header);
        if (!result.Succeeded)
            throw new InvalidOperationException("A valid token was rejected.", result.Failure);
    }
}
