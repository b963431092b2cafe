using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;

namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>Each contender in a child process, loaded in turns over loopback sockets.</summary>
internal static class HttpComparison
{
    public static readonly IReadOnlyList<string> Contenders = [Contender.None, Contender.Floor, Contender.Reference, Contender.Ours];

    public static async Task MeasureAsync(FigureSet figures, Effort effort)
    {
        if (!Wrk.IsInstalled())
        {
            Console.WriteLine("SKIPPED: wrk is not installed; nothing is measured over HTTP.");
            return;
        }

        string header = new Workload().Headers[0];
        var servers = new List<ChildProcess>();
        try
        {
            foreach (string contender in Contenders)
                servers.Add(await ChildProcess.StartAsync("serve", contender));
            foreach (ChildProcess server in servers)
                await Wrk.RunAsync(server.Address, header, effort.HttpSeconds); // warm-up, until everything is compiled

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

    /// <summary>Alternates the order, so that a slow drift of the machine favours no contender.</summary>
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
