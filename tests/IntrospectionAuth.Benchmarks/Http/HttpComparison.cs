using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;

namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>Each contender in a process of its own, loaded over loopback sockets in turns.</summary>
internal static class HttpComparison
{
    public static readonly IReadOnlyList<string> Contenders = [Contender.None, Contender.Floor, Contender.Reference, Contender.Ours];

    public static async Task MeasureAsync(FigureSet figures, Effort effort)
    {
        if (!Wrk.IsInstalled())
        {
            Console.WriteLine("SKIPPED: wrk is not installed, so nothing is measured over HTTP.");
            return;
        }

        string header = new Workload().Headers[0];
        var servers = new List<ChildProcess>();
        try
        {
            foreach (string contender in Contenders)
                servers.Add(await ChildProcess.StartAsync("serve", contender));
            foreach (ChildProcess server in servers)
                await Wrk.RunAsync(server.Address, header, effort.HttpSeconds); // until everything is compiled

            for (int round = 1; round <= effort.HttpRounds; round++)
            {
                Console.WriteLine($"HTTP: round {round} of {effort.HttpRounds}");
                foreach ((string contender, ChildProcess server) in InTurns(round, servers))
                    await MeasureAsync(figures, contender, server, header, effort.HttpSeconds);
                figures.Add("load", "", Machine.Load());
            }
        }
        finally
        {
            foreach (ChildProcess server in servers)
                await server.DisposeAsync();
        }
    }

    /// <summary>There and back again: what grows slowly on the machine favours nobody.</summary>
    private static IEnumerable<(string Contender, ChildProcess Server)> InTurns(int round, IEnumerable<ChildProcess> servers) =>
        round % 2 == 1 ? Contenders.Zip(servers) : Contenders.Zip(servers).Reverse();

    private static async Task MeasureAsync(FigureSet figures, string contender, ChildProcess server, string header, int seconds)
    {
        TimeSpan before = server.ProcessorTime;
        WrkResult result = await Wrk.RunAsync(server.Address, header, seconds);
        figures.Add($"http/{contender}/requests", "per second", result.RequestsPerSecond);
        figures.Add($"http/{contender}/processor", "µs", (server.ProcessorTime - before).TotalMicroseconds / result.Requests);
    }
}
