using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table of the soak.</summary>
internal static class SoakTable
{
    public static string Write(FigureSet figures)
    {
        IReadOnlyList<double> heap = figures["soak/heap"].Rounds;
        Figure[] statuses = [.. figures.All.Where(figure => figure.Key.StartsWith("soak/responses/", StringComparison.Ordinal))];
        Figure[] faults = [.. figures.All.Where(figure => figure.Key.StartsWith("soak/faults/", StringComparison.Ordinal))];

        var table = new MarkdownTable("Soak", "");
        table.Add("Duration", Units.Count(figures["soak/minutes"].Median) + " minutes");
        table.Add("Responses", string.Join(", ", statuses.Select(status => $"{Units.Count(status.Median)} × {Name(status)}")));
        table.Add("Wrong responses", Units.Count(figures["soak/wrong-responses"].Median));
        table.Add(
            "Tokens issued, revoked",
            $"{Units.Count(figures["soak/tokens-issued"].Median)}, {Units.Count(figures["soak/tokens-revoked"].Median)}"
        );
        table.Add(
            "Longest acceptance of a revoked token, limit",
            $"{Units.Milliseconds(figures["soak/longest-after-revocation"].Median)}, "
                + $"{Units.Milliseconds(figures["soak/maximum-age"].Median)}"
        );
        table.Add("Faults", string.Join(", ", faults.Select(fault => $"{Units.Count(fault.Median)} × {Name(fault)}")));
        table.Add("Unobserved exceptions", Units.Count(figures["soak/unobserved-exceptions"].Highest));
        table.Add(
            "Heap at the start, in the middle, at the end",
            $"{Units.Bytes(heap[0])}, {Units.Bytes(heap[heap.Count / 2])}, {Units.Bytes(heap[^1])}"
        );
        return table.ToString();
    }

    private static string Name(Figure figure) => figure.Key[(figure.Key.LastIndexOf('/') + 1)..];
}
