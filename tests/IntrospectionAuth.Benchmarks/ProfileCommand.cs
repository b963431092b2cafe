using System.Globalization;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.InProcess;
using IntrospectionAuth.Benchmarks.OneShot;
using IntrospectionAuth.Benchmarks.Report;

namespace IntrospectionAuth.Benchmarks;

/// <summary>Repeats one kind of request, for a profiler, or for a quick comparison of two builds.</summary>
internal static class ProfileCommand
{
    private const int Batch = 4_096;

    public static async Task RunAsync(string kind, int seconds)
    {
        if (kind == "types")
        {
            await AllocatedTypes.MeasureAsync(new FigureSet());
            return;
        }

        if (kind == "types-of-miss")
        {
            await AllocatedTypes.MeasureAsync(new FigureSet(), kind, await Insertion.CreateMissAsync(), requests: 200_000);
            return;
        }

        Func<Task> request = await CreateAsync(kind);
        var times = new List<double>();
        long allocated = 0;
        TimeProvider clock = TimeProvider.System;
        for (long start = clock.GetTimestamp(); clock.GetElapsedTime(start) < TimeSpan.FromSeconds(seconds); )
        {
            long bytes = GC.GetTotalAllocatedBytes();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long threadBefore = ProcessorTime.OfCurrentThread();
            for (int i = 0; i < Batch; i++)
                await request();
            bool isHit = kind is not ("miss" or "bare");
            times.Add(
                (isHit ? ProcessorTime.OfCurrentThread() - threadBefore : (Environment.CpuUsage.TotalTime - before).TotalNanoseconds)
                    / Batch
            );
            allocated = (GC.GetTotalAllocatedBytes() - bytes) / Batch;
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{kind}: lowest {Units.Time(times.Min())}, median {Units.Time(Statistics.Quantile(times, 0.5))}, {allocated} bytes"
            )
        );
    }

    private static async Task<Func<Task>> CreateAsync(string kind)
    {
        switch (kind)
        {
            case "miss":
                return await Insertion.CreateMissAsync();
            case "bare":
                return new BareCall(Insertion.Response()).SendAsync;
            case "many":
                PreparedHost many = PreparedHost.Get(Contender.Ours, tokens: 100_000);
                return () => many.Host.AuthenticateAsync(new string(many.Workload.NextHeader().AsSpan()));
            default:
                PreparedHost host = PreparedHost.Get(kind);
                return () => host.Host.AuthenticateAsync(new string(host.Workload.NextHeader().AsSpan()));
        }
    }
}
