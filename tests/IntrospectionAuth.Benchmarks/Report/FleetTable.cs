using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The tables of the fleet.</summary>
internal static class FleetTable
{
    public static string Write(FigureSet figures)
    {
        double hit = figures["fleet/request/hit"].Median,
            engine = figures["fleet/request/engine"].Median,
            trip = figures["fleet/round-trip"].Median;
        var table = new MarkdownTable("Fleet", "");
        table.Add("Last acceptance after a removal, 1,000 removals: median", Units.Milliseconds(figures["fleet/removal/median"].Median));
        table.Add("— 99th percentile", Units.Milliseconds(figures["fleet/removal/p99"].Median));
        table.Add("— worst", Units.Milliseconds(figures["fleet/removal/worst"].Median));
        table.Add("Request, token in the node's memory", Microseconds(hit));
        table.Add("Request, response from the engine", Microseconds(engine));
        table.Add("Request, response from the authorization server", Microseconds(figures["fleet/request/server"].Median));
        table.Add("Round trip to the engine alone", Microseconds(trip));
        table.Add("Response from the engine, above a hit and the round trip", Microseconds(engine - hit - trip));
        table.Add("300 misses while the engine hangs: waited for it", Units.Count(figures["fleet/hanging/waited"].Median));
        table.Add("— slowest", Microseconds(figures["fleet/hanging/slowest"].Median));
        table.Add("— median", Microseconds(figures["fleet/hanging/median"].Median));
        table.Add("Memory per entry in the engine", Units.Bytes(figures["fleet/bytes-per-entry"].Median));
        foreach (int nodes in (int[])[1, 3, 9])
        {
            table.Add(
                FormattableString.Invariant($"10,000 tokens, nodes: {nodes}. Calls; without sharing"),
                Units.Count(figures[FormattableString.Invariant($"fleet/calls/{nodes}")].Median) + "; " + Units.Count(10_000 * nodes)
            );
        }

        return table.ToString();
    }

    private static string Microseconds(double value) => Units.Milliseconds(value / 1_000);

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
            "— during a fault, limit (`FeedPatience` + 1 s; from the end of the fault where one node alone is cut off)",
            $"{Units.Milliseconds(figures["fleet/longest-without-feed"].Median)}, {Units.Milliseconds(5_000)}"
        );
        table.Add("Longest response", Units.Milliseconds(figures["fleet/longest-response"].Median));
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
