using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table of a very large cache.</summary>
internal static class ManyTokensTable
{
    public static string Write(FigureSet figures)
    {
        var table = new MarkdownTable($"{Units.Count(figures["many-tokens/count"].Median)} cached tokens", "");
        table.Add("Memory of each", Units.Bytes(figures["many-tokens/memory"].Median));
        table.Add(
            "Hit of a random one, above the floor",
            Units.Time(figures["many-tokens/hit"].Above(figures["many-tokens/floor"]).Median)
        );
        table.Add("Pause of a collection of young objects: median", Units.Time(figures["many-tokens/pause/young"].Median));
        table.Add("— longest", Units.Time(figures["many-tokens/pause/young-longest"].Median));
        table.Add("Longest pause of a background collection of all objects", Units.Time(figures["many-tokens/pause/background"].Median));
        table.Add("Pause of a blocking collection of all objects", Units.Time(figures["many-tokens/pause/full"].Median));
        return table.ToString();
    }
}
