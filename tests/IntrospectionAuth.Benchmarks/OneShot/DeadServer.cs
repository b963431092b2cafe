using System.Net;
using System.Net.Sockets;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>The time until a request gets 503 while the authorization server accepts connections and never responds.</summary>
internal static class DeadServer
{
    private const int Further = 20;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    public static async Task MeasureAsync(FigureSet figures)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start(backlog: 512); // the system completes connections that are never accepted
        var contender = new OurHandlerWithOptions(options =>
        {
            options.IntrospectionEndpoint = $"http://{listener.LocalEndpoint}/introspect";
            options.Timeout = s_timeout;
        });
        var workload = new Workload(tokens: Further + 1);
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(contender, workload);

        Heap.Measure(); // collecting the garbage of earlier measurements takes 25 ms and would look like a slow response
        figures.Add("dead-server/first", "ms", await TimeAsync(host, workload.Headers[0]));
        figures.Add("dead-server/timeout", "ms", s_timeout.TotalMilliseconds);
        foreach (string header in workload.Headers.Skip(1))
        {
            double time = await TimeAsync(host, header);
            figures.Add("dead-server/further", "ms", time);
            if (time > s_timeout.TotalMilliseconds / 2 && figures["dead-server/further"].Rounds.Count == 3)
                break; // every request waits: further ones add nothing
        }
    }

    private static async Task<double> TimeAsync(BenchmarkHost host, string header)
    {
        long start = TimeProvider.System.GetTimestamp();
        int status = await host.SendAsync(header);
        double time = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        return status == StatusCodes.Status503ServiceUnavailable
            ? time
            : throw new InvalidOperationException($"The response while the server hangs is {status}, not 503.");
    }
}
