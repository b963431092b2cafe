using System.Net;
using System.Net.Sockets;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>How long a request waits for its 503 while the authorization server hangs: connections are made, and nothing is ever answered.</summary>
internal static class DeadServer
{
    private const int Further = 20;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    public static async Task MeasureAsync(FigureSet figures)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start(backlog: 512); // the system completes connections that nobody accepts
        var contender = new OurHandlerElsewhere(options =>
        {
            options.IntrospectionEndpoint = $"http://{listener.LocalEndpoint}/introspect";
            options.Timeout = s_timeout;
        });
        var workload = new Workload(tokens: Further + 1);
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(contender, workload);

        Heap.Measure(); // what earlier measurements have left on it takes 25 ms to collect, and would be taken for a slow answer
        figures.Add("dead-server/first", "ms", await TimeAsync(host, workload.Headers[0]));
        figures.Add("dead-server/timeout", "ms", s_timeout.TotalMilliseconds);
        foreach (string header in workload.Headers.Skip(1))
        {
            double time = await TimeAsync(host, header);
            figures.Add("dead-server/further", "ms", time);
            if (time > s_timeout.TotalMilliseconds / 2 && figures["dead-server/further"].Rounds.Count == 3)
                break; // they all wait: nothing more to learn
        }
    }

    private static async Task<double> TimeAsync(BenchmarkHost host, string header)
    {
        long start = TimeProvider.System.GetTimestamp();
        int status = await host.SendAsync(header);
        double time = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        return status == StatusCodes.Status503ServiceUnavailable
            ? time
            : throw new InvalidOperationException($"A dead server is answered with {status}.");
    }
}
