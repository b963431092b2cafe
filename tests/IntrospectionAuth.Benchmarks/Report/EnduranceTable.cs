using System.Globalization;
using IntrospectionAuth.Benchmarks.Endurance;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table of the run in which everything fails at once.</summary>
internal static class EnduranceTable
{
    public static string Write(FigureSet figures)
    {
        double Value(string key) => figures["endurance/" + key].Median;
        string Count(string key) => Units.Count(Value(key));

        var table = new MarkdownTable("Soak", "");
        table.Add("Duration", Count("minutes") + " minutes");
        table.Add("Responses, each judged", Count("responses"));
        table.Add("— by status", List(figures, "endurance/responses/"));
        table.Add("— of which wrong", Count("wrong-responses"));
        table.Add("Calls to the authorization servers", Count("calls"));
        table.Add("Tokens issued, revoked", $"{Count("tokens-issued")}, {Count("tokens-revoked")}");
        table.Add("— removed by an administrator, by a logout token", $"{Count("tokens-removed")}, {Count("logouts")}");
        table.Add("Proofs that were sent again", Count("replays"));
        table.Add("Longest acceptance of a removed token while the feed works", Units.Milliseconds(Value("longest-with-feed")));
        table.Add("— during a fault of the feed", Units.Milliseconds(Value("longest-without-feed")));
        table.Add("Slowest response", Units.Milliseconds(Value("longest-response")));
        table.Add(
            "Times without processor time for a node, and how long in all for the node with the most",
            $"{Count("stalls")}, {Units.Milliseconds(Value("stalled"))}"
        );
        table.Add("Faults of an authorization server, of its network", List(figures, "endurance/faults/server/"));
        table.Add("Faults of the engine, of its network", List(figures, "endurance/faults/engine/"));
        table.Add("Restarts of a node", List(figures, "endurance/faults/node/"));
        table.Add("Reloads", List(figures, "endurance/faults/reload/"));
        table.Add("Errors in the logs, of which without a fault", $"{Count("errors")}, {Count("unexplained-errors")}");
        table.Add("Unobserved exceptions", Units.Count(figures["endurance/unobserved-exceptions"].Highest));
        table.Add("Requests, calls still in flight 15 seconds after the end", $"{Count("in-flight/requests")}, {Count("in-flight/calls")}");
        foreach ((string name, _) in NodeSample.Limits)
        {
            table.Add(
                $"{name}, start, middle, end (growth in the last half): node 1; node 2",
                $"{Course(figures, 1, name)}; {Course(figures, 2, name)}"
            );
        }

        table.Add("Processor time of a node", Units.Milliseconds(Value("processor-time")));
        return table.ToString();
    }

    private static string List(FigureSet figures, string prefix) =>
        string.Join(
            ", ",
            figures
                .All.Where(figure => figure.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(figure => $"{Units.Count(figure.Median)} × {figure.Key[prefix.Length..]}")
        );

    private static string Course(FigureSet figures, int node, string name)
    {
        Figure figure = figures[string.Create(CultureInfo.InvariantCulture, $"endurance/node-{node}/{name}")];
        IReadOnlyList<double> rounds = figure.Rounds;
        string Text(double value) => figure.Unit == "bytes" ? Units.Bytes(value) : Units.Count(value);
        double growth = NodeSample.GrowthOf(rounds);
        string sign = growth < 0 ? "−" : "+";
        return $"{Text(rounds[0])}, {Text(rounds[rounds.Count / 2])}, {Text(rounds[^1])} ({sign}{Text(Math.Abs(growth))})";
    }
}
