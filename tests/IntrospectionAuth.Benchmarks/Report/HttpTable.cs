using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Http;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table of requests per second over sockets.</summary>
internal static class HttpTable
{
    public static readonly IReadOnlyDictionary<string, string> Names = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Contender.None] = "No authentication",
        [Contender.Floor] = "Framework floor",
        [Contender.Reference] = "Reference",
        [Contender.Ours] = "This library",
    };

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
            "Share of the floor by processor time"
        );
        foreach (string contender in HttpComparison.Contenders)
        {
            Figure requests = figures[$"http/{contender}/requests"];
            Figure share = requests.DividedBy(floor),
                processor = figures[$"http/{contender}/processor"];
            table.Add(
                Names[contender],
                Units.Count(requests.Median),
                Units.Ratio(share.Median),
                $"{Units.Ratio(Statistics.Quantile(share.Rounds, 0.25))} to {Units.Ratio(Statistics.Quantile(share.Rounds, 0.75))}",
                Units.Time(processor.Median * 1_000),
                Units.Ratio(figures[$"http/{Contender.Floor}/processor"].DividedBy(processor).Median)
            );
        }

        return table
            + (
                IsDisturbed(figures)
                    ? "\nThe machine had other load during this run: of these figures only the processor time is meaningful.\n"
                    : ""
            );
    }

    // wrk and a server need two threads per processor.
    private static bool IsDisturbed(FigureSet figures) => figures["load"].Median > 2 * Environment.ProcessorCount;
}
