using System.Globalization;
using System.Net.Mime;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>
/// 10,000 tenants that are kept, of which 10 have requests: heap, the time to resolve one, and the time of a hit, also while the server of
/// another tenant hangs.
/// </summary>
internal static class ManyTenants
{
    private const int Kept = 10_000,
        Active = 10,
        Hits = 200_000,
        Hanging = 1_000;

    private const string HangingTenant = "hanging_";

    public static async Task MeasureAsync(FigureSet figures)
    {
        var contender = new OurHandler
        {
            ResolveTenant = OAuthIntrospectionTenantNames.FromTokenPrefix('_'),
            Respond = context =>
            {
                if (context.Features.GetRequiredFeature<IntrospectionCall>().Token!.StartsWith(HangingTenant, StringComparison.Ordinal))
                    return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                context.Response.ContentType = MediaTypeNames.Application.Json;
                return context.Response.WriteAsync("""{"active":true,"sub":"alice"}""");
            },
        };
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(contender, new Workload());
        await ResolveAsync(host, 0, Active);
        await MeasureHitsAsync(host); // compiles the code
        double alone = await MeasureHitsAsync(host);

        long before = Heap.Measure();
        long started = TimeProvider.System.GetTimestamp();
        await ResolveAsync(host, Active, Kept - Active);
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started);
        figures.Add("tenants/resolved", "ns", elapsed.TotalNanoseconds / (Kept - Active));
        figures.Add("tenants/heap", "bytes", (double)(Heap.Measure() - before) / (Kept - Active));

        double among = await MeasureHitsAsync(host);
        figures.Add("tenants/hit-of-10", "ns", alone);
        figures.Add("tenants/hit-among-10000", "ns", among);

        // They wait for the whole measurement: for a place, or for a response until the timeout.
        Task[] waiting =
        [
            .. Enumerable
                .Range(0, Hanging)
                .Select(i => host.SendAsync(string.Create(CultureInfo.InvariantCulture, $"Bearer {HangingTenant}{i}"))),
        ];
        figures.Add("tenants/hit-beside-hanging", "ns", await MeasureHitsAsync(host));
        await Task.WhenAll(waiting);
    }

    /// <summary>The first request of each tenant resolves it, and calls a server in memory.</summary>
    private static Task ResolveAsync(BenchmarkHost host, int first, int count) =>
        Parallel.ForAsync(
            first,
            first + count,
            async (number, _) =>
            {
                if (await host.SendAsync(HeaderOf(number)) != StatusCodes.Status200OK)
                    throw new InvalidOperationException($"Tenant {number} was not resolved.");
            }
        );

    private static async Task<double> MeasureHitsAsync(BenchmarkHost host)
    {
        string[] headers = [.. Enumerable.Range(0, Active).Select(HeaderOf)];
        long started = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < Hits; i++)
            await host.SendAsync(headers[i % Active]);
        return TimeProvider.System.GetElapsedTime(started).TotalNanoseconds / Hits;
    }

    private static string HeaderOf(int tenant) => string.Create(CultureInfo.InvariantCulture, $"Bearer tenant{tenant}_0123456789abcdef");
}
