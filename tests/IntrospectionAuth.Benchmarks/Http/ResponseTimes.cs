using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>The response times at 70 % of the load that a contender can serve at most.</summary>
internal static class ResponseTimes
{
    public static readonly IReadOnlyList<string> Contenders = [Contender.Floor, Contender.Ours];

    public static readonly IReadOnlyList<double> Quantiles = [0.5, 0.99, 0.999];

    private const double Share = 0.7;

    public static async Task MeasureAsync(FigureSet figures, Effort effort)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("SKIPPED: the load generator needs Linux; no response times are measured.");
            return;
        }

        await using ContenderServers servers = await ContenderServers.StartAsync(Contenders);
        foreach (ContenderServer server in servers.InTurns(1))
            await OpenLoop.FindMaximumAsync(server.Address, server.Header, TimeSpan.FromSeconds(effort.HttpWarmUpSeconds));
        for (int round = 1; round <= effort.Rounds; round++)
        {
            foreach (ContenderServer server in servers.InTurns(round))
                await MeasureAsync(figures, server, TimeSpan.FromSeconds(effort.ResponseTimeSeconds));
        }
    }

    private static async Task MeasureAsync(FigureSet figures, ContenderServer server, TimeSpan duration)
    {
        double maximum = await OpenLoop.FindMaximumAsync(server.Address, server.Header, TimeSpan.FromSeconds(1));
        List<double> times = await OpenLoop.RunAsync(server.Address, server.Header, maximum * Share, duration);
        figures.Add($"response-time/{server.Contender}/maximum", "per second", maximum);
        foreach (double quantile in Quantiles)
            figures.Add(Key(server.Contender, quantile), "ns", Statistics.Quantile(times, quantile));
    }

    public static string Key(string contender, double quantile) => FormattableString.Invariant($"response-time/{contender}/{quantile}");
}
