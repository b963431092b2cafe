using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>Each contender in a child process, loaded in turns over loopback sockets.</summary>
internal static class HttpComparison
{
    // The floor and this library are neighbours, so that the machine is the same for both.
    public static readonly IReadOnlyList<string> Contenders =
    [
        Contender.None,
        Contender.Floor,
        Contender.Ours,
        Contender.Reference,
        Contender.JwtRsa,
        Contender.JwtEcdsa,
        Contender.OpenIddict,
    ];

    public static async Task MeasureAsync(FigureSet figures, Effort effort)
    {
        if (!Wrk.IsInstalled())
        {
            Console.WriteLine("SKIPPED: wrk is not installed; nothing is measured over HTTP.");
            return;
        }

        await using ContenderServers servers = await ContenderServers.StartAsync(Contenders);
        foreach (ContenderServer server in servers.InTurns(1))
            await Wrk.RunAsync(server.Address, server.Header, effort.HttpWarmUpSeconds); // until everything is compiled

        for (int round = 1; round <= effort.HttpRounds; round++)
        {
            Console.WriteLine($"HTTP: round {round} of {effort.HttpRounds}");
            foreach (ContenderServer server in servers.InTurns(round))
                await MeasureAsync(figures, server);
            figures.Add("load", "", Machine.Load());
        }
    }

    private static async Task MeasureAsync(FigureSet figures, ContenderServer server)
    {
        TimeSpan before = server.ProcessorTime;
        WrkResult result = await Wrk.RunAsync(server.Address, server.Header, seconds: 1);
        figures.Add($"http/{server.Contender}/requests", "per second", result.RequestsPerSecond);
        figures.Add($"http/{server.Contender}/processor", "µs", (server.ProcessorTime - before).TotalMicroseconds / result.Requests);
    }
}
