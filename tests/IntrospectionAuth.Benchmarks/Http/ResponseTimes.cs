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

        var servers = new List<ContenderServer>();
        try
        {
            foreach (string contender in Contenders)
                servers.Add(await ContenderServer.StartAsync(contender));
            foreach (ContenderServer server in servers)
                await OpenLoop.FindMaximumAsync(server.Address, server.Header, TimeSpan.FromSeconds(effort.HttpWarmUpSeconds));
            for (int round = 1; round <= effort.Rounds; round++)
            {
                foreach (ContenderServer server in round % 2 == 1 ? servers : servers.AsEnumerable().Reverse())
                    await MeasureAsync(figures, server, TimeSpan.FromSeconds(effort.ResponseTimeSeconds));
            }
        }
        finally
        {
            foreach (ContenderServer server in servers)
                await server.DisposeAsync();
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
