using System.Globalization;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>What must hold at the end of a run.</summary>
internal static class EnduranceVerdict
{
    // Less than that says nothing about growth: caches fill, and code is compiled again with what was learned about it.
    private const double ShortestForGrowth = 10;

    /// <returns>The exit code.</returns>
    public static int Print(FigureSet figures)
    {
        string[] faults = [.. FindFaults(figures)];
        foreach (string fault in faults)
            Console.WriteLine("FAILED: " + fault);
        foreach (
            string note in figures.Notes.Where(static note => note.Key.StartsWith("wrong-", StringComparison.Ordinal)).Select(n => n.Value)
        )
        {
            Console.WriteLine("  " + note);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figures["endurance/responses"].Median} responses judged."));
        return faults.Length == 0 ? 0 : 1;
    }

    private static IEnumerable<string> FindFaults(FigureSet figures)
    {
        foreach (
            string key in (string[])
                ["wrong-responses", "unexplained-errors", "unobserved-exceptions", "in-flight/requests", "in-flight/calls"]
        )
        {
            if (figures.Find("endurance/" + key) is { Highest: > 0 and var count })
                yield return string.Create(CultureInfo.InvariantCulture, $"{count} {key}");
        }

        if (figures["endurance/minutes"].Median < ShortestForGrowth)
            yield break;

        foreach (int node in (int[])[1, 2])
        {
            foreach ((string name, double tolerance) in NodeSample.Limits)
            {
                Figure figure = figures[string.Create(CultureInfo.InvariantCulture, $"endurance/node-{node}/{name}")];
                double growth = NodeSample.GrowthOf(figure.Rounds);
                if (growth > (figure.Median * 0.1) + tolerance)
                    yield return string.Create(CultureInfo.InvariantCulture, $"{figure.Key} grew by {growth:#,0} in the last half");
            }
        }
    }
}
