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
    private const int Batch = 4_000;

    private readonly BenchmarkHost _host;
    private int _next;

    private Insertion(BenchmarkHost host) => _host = host;

    public static async Task MeasureAsync(FigureSet figures, Effort effort)
    {
        await using Insertion small = await FillAsync(entries: 1_000, bound: 10_000_000);
        await using Insertion roomy = await FillAsync(entries: 100_000, bound: 10_000_000);
        await using Insertion fullSmall = await FillAsync(entries: 1_000, bound: 1_000);
        await using Insertion full = await FillAsync(entries: 100_000, bound: 100_000);

        for (int round = 0; round <= effort.Rounds; round++)
        {
            double[] costs = [await small.CostAsync(), await roomy.CostAsync(), await fullSmall.CostAsync(), await full.CostAsync()];
            if (round == 0)
                continue; // warm-up

            figures.Add("insertion/below-bound/1000", "ns", costs[0]);
            figures.Add("insertion/below-bound/100000", "ns", costs[1]);
            figures.Add("insertion/at-bound/1000", "ns", costs[2]);
            figures.Add("insertion/at-bound/100000", "ns", costs[3]);
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task<Insertion> FillAsync(int entries, int bound)
    {
        byte[] response = SampleResponse.Write(0, SampleResponse.UsualMembers, TimeProvider.System.GetUtcNow());
        var contender = new OurHandlerWithOptions(options => options.Cache.MaximumEntries = bound)
        {
            PrimaryHandler = new ReadyResponses(response),
        };
        var insertion = new Insertion(await BenchmarkHost.StartAsync(contender, new Workload()));
        await insertion.InsertAsync(entries);
        return insertion;
    }

    /// <returns>The processor time per unknown token, summed over all threads.</returns>
    private async Task<double> CostAsync()
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        await InsertAsync(Batch);
        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / Batch;
    }

    private async Task InsertAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            AuthenticateResult result = await _host.AuthenticateAsync("Bearer " + Workload.Token(_next++, 40));
            if (!result.Succeeded)
                throw new InvalidOperationException("A valid token was rejected.", result.Failure);
        }
    }
}
