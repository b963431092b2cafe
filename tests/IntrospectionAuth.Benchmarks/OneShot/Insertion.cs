using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>
/// The cost of an unknown token, with space in the cache and with a full cache that evicts an entry per insertion. The call itself costs
/// almost nothing here, so the cost of the cache shows.
/// </summary>
internal sealed class Insertion : IAsyncDisposable
{
    public const int Concurrency = 32;

    private const int Batch = 4_096;

    private readonly BenchmarkHost _host;
    private int _next;

    private Insertion(BenchmarkHost host) => _host = host;

    public static async Task MeasureAsync(FigureSet figures, Effort effort)
    {
        await using Insertion small = await FillAsync(entries: 1_000, bound: 10_000_000);
        await using Insertion roomy = await FillAsync(entries: 100_000, bound: 10_000_000);
        await using Insertion fullSmall = await FillAsync(entries: 1_000, bound: 1_000);
        await using Insertion full = await FillAsync(entries: 100_000, bound: 100_000);
        using var bare = new BareCall(Response());

        for (int round = 0; round <= effort.Rounds; round++)
        {
            double[] costs = [await small.CostAsync(), await roomy.CostAsync(), await fullSmall.CostAsync(), await full.CostAsync()];
            double[] bareCosts = [await CostAsync(bare.SendAsync), await CostOfManyAsync(bare.SendAsync)];
            double concurrent = await CostOfManyAsync(small.InsertAsync);
            if (round == 0)
                continue; // warm-up

            figures.Add("insertion/below-bound/1000", "ns", costs[0]);
            figures.Add("insertion/below-bound/100000", "ns", costs[1]);
            figures.Add("insertion/at-bound/1000", "ns", costs[2]);
            figures.Add("insertion/at-bound/100000", "ns", costs[3]);
            figures.Add("insertion/bare", "ns", bareCosts[0]);
            figures.Add("insertion/bare-concurrent", "ns", bareCosts[1]);
            figures.Add("insertion/concurrent", "ns", concurrent);
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task<Insertion> FillAsync(int entries, int bound)
    {
        var contender = new OurHandlerWithOptions(options => options.Cache.MaximumEntries = bound)
        {
            PrimaryHandler = new ReadyResponses(Response()),
        };
        var insertion = new Insertion(await BenchmarkHost.StartAsync(contender, new Workload()));
        for (int i = 0; i < entries; i++)
            await insertion.InsertAsync();
        return insertion;
    }

    /// <summary>For a profiler: a request with an unknown token, in a store with 1,000 entries.</summary>
    public static async Task<Func<Task>> CreateMissAsync() => (await FillAsync(entries: 1_000, bound: 100_000)).InsertAsync;

    public static byte[] Response() => SampleResponse.Write(0, SampleResponse.UsualMembers, TimeProvider.System.GetUtcNow());

    /// <returns>The processor time per unknown token, summed over all threads.</returns>
    private Task<double> CostAsync() => CostAsync(InsertAsync);

    private static async Task<double> CostAsync(Func<Task> run, int times = Batch)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < times; i++)
            await run();
        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / Batch;
    }

    /// <summary>The same with many requests at a time, which find the threads of the pool awake.</summary>
    private static Task<double> CostOfManyAsync(Func<Task> run) =>
        CostAsync(
            () =>
                Task.WhenAll(
                    Enumerable
                        .Range(0, Concurrency)
                        .Select(_ =>
                            Task.Run(async () =>
                            {
                                for (int i = 0; i < Batch / Concurrency; i++)
                                    await run();
                            })
                        )
                ),
            times: 1
        );

    private async Task InsertAsync()
    {
        AuthenticateResult result = await _host.AuthenticateAsync("Bearer " + Workload.Token(Interlocked.Increment(ref _next), 40));
        if (!result.Succeeded)
            throw new InvalidOperationException("A valid token was rejected.", result.Failure);
    }
}
