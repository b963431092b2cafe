using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The tables of the fleet.</summary>
internal static class FleetTable
{
    public static string WriteSoak(FigureSet figures)
    {
        var table = new MarkdownTable("Soak of a fleet", "");
        table.Add("Duration", Units.Count(figures["fleet/minutes"].Median) + " minutes");
        table.Add("Responses", List(figures, "fleet/responses/"));
        table.Add("Wrong responses", Units.Count(figures["fleet/wrong-responses"].Median));
        table.Add(
            "Tokens issued, removed on a node, only revoked",
            $"{Units.Count(figures["fleet/tokens-issued"].Median)}, {Units.Count(figures["fleet/tokens-removed"].Median)}, "
                + Units.Count(figures["fleet/tokens-revoked"].Median)
        );
        table.Add(
            "Longest acceptance of a removed token while the feed works, limit",
            $"{Units.Milliseconds(figures["fleet/longest-with-feed"].Median)}, {Units.Milliseconds(1_000)}"
        );
        table.Add(
            "— during a fault, limit (`FeedPatience` + 1 s)",
            $"{Units.Milliseconds(figures["fleet/longest-without-feed"].Median)}, {Units.Milliseconds(5_000)}"
        );
        table.Add("Faults", List(figures, "fleet/faults/"));
        Figure slowest = figures.All.Where(static figure => IsBelow(figure, "fleet/recovery/")).MaxBy(static figure => figure.Highest)!;
        table.Add("Longest time until removals arrive in time again", $"{Units.Milliseconds(slowest.Highest)} ({Name(slowest)})");
        table.Add("Unobserved exceptions", Units.Count(figures["fleet/unobserved-exceptions"].Highest));
        for (int node = 1; figures.Find($"fleet/heap/{node}") is { } heap; node++)
            table.Add(FormattableString.Invariant($"Heap of node {node} at the start, in the middle, at the end"), Course(heap));
        table.Add("Engine without its feed", Course(figures["fleet/engine"]));
        table.Add("Feed", Course(figures["fleet/engine-feed"]));
        return table.ToString();
    }

    private static string List(FigureSet figures, string prefix) =>
        string.Join(
            ", ",
            figures.All.Where(figure => IsBelow(figure, prefix)).Select(figure => $"{Units.Count(figure.Median)} × {Name(figure)}")
        );

    private static string Course(Figure figure) =>
        $"{Units.Bytes(figure.Rounds[0])}, {Units.Bytes(figure.Rounds[figure.Rounds.Count / 2])}, {Units.Bytes(figure.Rounds[^1])}";

    private static bool IsBelow(Figure figure, string prefix) => figure.Key.StartsWith(prefix, StringComparison.Ordinal);

    private static string Name(Figure figure) => figure.Key[(figure.Key.LastIndexOf('/') + 1)..];
}
