using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>The heap memory of a cache entry, with its key and its slot in the cache.</summary>
internal static class MemoryPerToken
{
    private const int Tokens = 50_000;

    public static async Task MeasureAsync(FigureSet figures)
    {
        figures.Add("memory-per-token/reference", "bytes", await MeasureReferenceAsync());
        foreach (int members in (int[])[5, SampleResponse.UsualMembers, 50])
            figures.Add($"memory-per-token/ours/{members}", "bytes", await MeasureOursAsync(members));
    }

    private static async Task<double> MeasureOursAsync(int members)
    {
        var workload = new Workload(members, tokens: Tokens);
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(new OurHandler(), workload);
        foreach (string header in workload.Headers.Take(1_000))
            await host.AuthenticateAsync(header);

        long before = Heap.Measure();
        await Parallel.ForEachAsync(workload.Headers.Skip(1_000), async (header, _) => await host.AuthenticateAsync(header));
        long kept = Heap.Measure() - before;
        return (double)kept / (Tokens - 1_000);
    }

    /// <summary>The reference has all tokens from the start, so the heap without it is measured first.</summary>
    private static async Task<double> MeasureReferenceAsync()
    {
        var workload = new Workload(tokens: Tokens);
        long before = Heap.Measure();
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(new ReferenceCache(), workload);
        await host.AuthenticateAsync(workload.Headers[0]);
        long kept = Heap.Measure() - before;
        return (double)kept / Tokens;
    }
}
