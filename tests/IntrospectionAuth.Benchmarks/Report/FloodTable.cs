using System.Globalization;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table of the flood.</summary>
internal static class FloodTable
{
    public static readonly IReadOnlyList<int> Connections = [32, 256];

    public static readonly IReadOnlyDictionary<string, string> Phases = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["before"] = "before",
        ["during"] = "during the flood",
        ["load-without-tokens"] = "the same number of connections, without tokens",
    };

    public static string Write(FigureSet figures)
    {
        var table = new MarkdownTable(["Flood", .. Connections.Select(connections => $"{connections} connections")]);
        Add("Invalid tokens", "tokens", Units.Count);
        Add("Most concurrent calls at the authorization server", "most-calls-at-once", Units.Count);
        Add("Heap before", "heap-before", Units.Bytes);
        Add("Heap after", "heap-after", Units.Bytes);
        foreach ((string phase, string label) in Phases)
        {
            Add($"Valid token, {label}: median", phase + "/good-median", Units.Milliseconds);
            Add("— 99th percentile", phase + "/good-p99", Units.Milliseconds);
        }

        Add("Valid tokens rejected", "during/good-refused", Units.Count);
        Add("Invalid tokens: 401", "read/401", Units.Count);
        Add("— 503", "read/503", Units.Count);
        return table.ToString();

        void Add(string label, string key, Func<double, string> format) =>
            table.Add([
                label,
                .. Connections.Select(connections =>
                    format(figures.Find(string.Create(CultureInfo.InvariantCulture, $"flood/{connections}/{key}"))?.Median ?? 0)
                ),
            ]);
    }
}
