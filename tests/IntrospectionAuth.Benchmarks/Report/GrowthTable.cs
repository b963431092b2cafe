using System.Globalization;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.OneShot;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The tables of how the cost of a warm hit grows, and of inserting an unknown token.</summary>
internal static class GrowthTable
{
    public static readonly IReadOnlyList<int> Members = [5, 15, 50],
        Lengths = [40, 200, 800, 4000],
        Tokens = [1, 1_000, 100_000];

    public static string Write(FigureSet figures)
    {
        var table = new MarkdownTable("Warm hit above the floor", "This library: time", "memory", "Reference: time", "memory");
        foreach ((string benchmark, IReadOnlyList<int> parameters, string label) in Rows())
        {
            foreach (int parameter in parameters)
            {
                table.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{parameter:#,0} {label}"),
                    Cell(figures, benchmark, Contender.Ours, parameter, "time"),
                    Cell(figures, benchmark, Contender.Ours, parameter, "memory"),
                    Cell(figures, benchmark, Contender.Reference, parameter, "time"),
                    Cell(figures, benchmark, Contender.Reference, parameter, "memory")
                );
            }
        }

        return table.ToString();
    }

    public static string WriteInsertion(FigureSet figures)
    {
        var table = new MarkdownTable("An unknown token, without the network", "Store has space", "Store is full, each insertion evicts");
        foreach (int entries in (int[])[1_000, 100_000])
        {
            table.Add(
                string.Create(CultureInfo.InvariantCulture, $"{entries:#,0} cached tokens"),
                Units.Time(figures[$"insertion/below-bound/{entries}"].Median),
                Units.Time(figures[$"insertion/at-bound/{entries}"].Median)
            );
        }

        table.Add(
            string.Create(CultureInfo.InvariantCulture, $"1,000 cached tokens, {Insertion.Concurrency} requests at a time"),
            Units.Time(figures["insertion/concurrent"].Median),
            ""
        );
        table.Add("A bare `HttpClient` call with the same response", Units.Time(figures["insertion/bare"].Median), "");
        table.Add($"— {Insertion.Concurrency} at a time", Units.Time(figures["insertion/bare-concurrent"].Median), "");

        return table.ToString();
    }

    public static double Above(FigureSet figures, string benchmark, string contender, int parameter, string measure) =>
        figures[$"{benchmark}/{contender}/{parameter}/{measure}"]
            .Above(figures[$"{benchmark}/{Contender.Floor}/{parameter}/{measure}"])
            .Median;

    private static IEnumerable<(string Benchmark, IReadOnlyList<int> Parameters, string Label)> Rows() =>
        [("Members", Members, "members"), ("TokenLength", Lengths, "characters"), ("CachedTokens", Tokens, "cached tokens, random order")];

    private static string Cell(FigureSet figures, string benchmark, string contender, int parameter, string measure)
    {
        double above = Above(figures, benchmark, contender, parameter, measure);
        return measure == "time" ? Units.Time(above) : Units.Bytes(above);
    }
}
