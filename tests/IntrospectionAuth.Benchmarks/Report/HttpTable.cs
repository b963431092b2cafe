using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Http;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table of requests per second over sockets.</summary>
internal static class HttpTable
{
    public static string Write(FigureSet figures)
    {
        if (figures.Find($"http/{Contender.Floor}/requests") is not { } floor)
            return "wrk was not installed; nothing was measured over HTTP.\n";

        var table = new MarkdownTable(
            "Contender",
            "Requests per second",
            "Share of the floor",
            "Middle half of the rounds",
            "Processor time per request, server only",
            "Relative to the floor",
            "95 % interval"
        );
        foreach (string contender in HttpComparison.Contenders)
        {
            Figure requests = figures[$"http/{contender}/requests"];
            Figure share = requests.DividedBy(floor),
                processor = figures[$"http/{contender}/processor"],
                cost = RelativeCost(figures, contender);
            (double low, double high) = Statistics.MedianInterval(cost.Rounds);
            table.Add(
                Contender.Names[contender],
                Units.Count(requests.Median),
                Units.Ratio(share.Median),
                $"{Units.Ratio(Statistics.Quantile(share.Rounds, 0.25))} to {Units.Ratio(Statistics.Quantile(share.Rounds, 0.75))}",
                Units.Time(processor.Median * 1_000),
                Units.Ratio(cost.Median),
                $"{Units.Ratio(low)} to {Units.Ratio(high)}"
            );
        }

        return table
            + (
                IsDisturbed(figures)
                    ? "\nThe machine had other load during this run: of these figures only the processor time is meaningful.\n"
                    : ""
            );
    }

    /// <summary>The processor time of a request relative to the floor, round by round.</summary>
    public static Figure RelativeCost(FigureSet figures, string contender) =>
        figures[$"http/{contender}/processor"].DividedBy(figures[$"http/{Contender.Floor}/processor"]);

    // wrk and a server need two threads per processor.
    private static bool IsDisturbed(FigureSet figures) => figures["load"].Median > 2 * Environment.ProcessorCount;
}
