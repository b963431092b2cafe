using System.Globalization;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>What a flood does.</summary>
internal static class FloodTable
{
    public static readonly IReadOnlyList<int> Connections = [32, 256];

    public static readonly IReadOnlyDictionary<string, string> Phases = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["before"] = "before",
        ["during"] = "during the flood",
        ["load-without-tokens"] = "as many connections, without tokens",
    };

    public static string Write(FigureSet figures)
    {
        var table = new MarkdownTable(["Flood", .. Connections.Select(connections => $"{connections} connections")]);
        Add("Worthless tokens", "tokens", Units.Count);
        Add("Most calls at once at the authorization server", "most-calls-at-once", Units.Count);
        Add("Heap before", "heap-before", Units.Bytes);
        Add("Heap after", "heap-after", Units.Bytes);
        foreach ((string phase, string label) in Phases)
        {
            Add($"Good token, {label}: median", phase + "/good-median", Units.Milliseconds);
            Add("— 99 of 100 within", phase + "/good-p99", Units.Milliseconds);
        }

        Add("Good tokens refused", "during/good-refused", Units.Count);
        Add("Worthless tokens answered 401", "read/401", Units.Count);
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
