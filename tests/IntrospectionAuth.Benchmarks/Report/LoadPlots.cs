using System.Globalization;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Plots;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The plots of the flood and the soak.</summary>
internal static class LoadPlots
{
    public static void DrawFlood(FigureSet figures, string folder) =>
        BarChart.Draw(
            Path.Combine(folder, "flood.svg"),
            "Response time for a valid token",
            Units.Milliseconds,
            [
                .. FloodTable.Connections.SelectMany(connections =>
                    FloodTable.Phases.Select(phase => new BarGroup(
                        phase.Key == "load-without-tokens" ? $"{connections} without tokens" : $"{connections} connections, {phase.Key}",
                        [
                            new Bar("median", Drawing.Ours, figures[Key(connections, phase.Key, "good-median")]),
                            new Bar("99th percentile", Drawing.Reference, figures[Key(connections, phase.Key, "good-p99")]),
                        ]
                    ))
                ),
            ]
        );

    public static void DrawSoak(FigureSet figures, string folder)
    {
        IReadOnlyList<double> heap = figures["soak/heap"].Rounds;
        double minutes = figures["soak/minutes"].Median;
        double[] places = [.. Enumerable.Range(1, heap.Count).Select(sample => sample * minutes / (heap.Count + 1))];
        LineChart.Draw(
            Path.Combine(folder, "soak.svg"),
            "The heap of the API under load and faults",
            Units.Bytes,
            [new Panel("minutes", places, IsLogarithmic: false, [new Series("after a garbage collection", Drawing.Ours, heap)])],
            marked: [places[0], places[heap.Count / 2], places[^1]],
            unit: 1_024 * 1_024
        );
    }

    public static void DrawRemovals(FigureSet figures, string folder)
    {
        double[] shares = [.. Enumerable.Range(1, 99).Select(static share => (double)share)];
        IReadOnlyList<double> all = figures["fleet/removal/all"].Rounds;
        LineChart.Draw(
            Path.Combine(folder, "fleet-removal.svg"),
            "Time from a removal to the last acceptance on any node",
            Units.Milliseconds,
            [
                new Panel(
                    "percent of 1,000 removals",
                    shares,
                    IsLogarithmic: false,
                    [new Series("three nodes under load", Drawing.Ours, [.. shares.Select(share => Statistics.Quantile(all, share / 100))])]
                ),
            ],
            marked: [1, 25, 50, 75, 99]
        );
    }

    public static void DrawFleet(FigureSet figures, string folder)
    {
        IReadOnlyList<double> first = figures["fleet/heap/1"].Rounds;
        double minutes = figures["fleet/minutes"].Median;
        double[] places = [.. Enumerable.Range(1, first.Count).Select(sample => sample * minutes / (first.Count + 1))];
        LineChart.Draw(
            Path.Combine(folder, "fleet-soak.svg"),
            "The heap of three nodes under load, while the engine fails",
            Units.Bytes,
            [
                new Panel(
                    "minutes",
                    places,
                    IsLogarithmic: false,
                    [
                        new Series("node 1", Drawing.Ours, first),
                        new Series("node 2", Drawing.Reference, figures["fleet/heap/2"].Rounds),
                        new Series("node 3", Drawing.Floor, figures["fleet/heap/3"].Rounds),
                    ]
                ),
            ],
            marked: [places[0], places[first.Count / 2], places[^1]],
            unit: 1_024 * 1_024
        );
    }

    private static string Key(int connections, string phase, string measure) =>
        string.Create(CultureInfo.InvariantCulture, $"flood/{connections}/{phase}/{measure}");
}
