using System.Globalization;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>What a process occupies, read from /proc.</summary>
internal static class NodeSample
{
    /// <summary>What must level off: the key of the figure, and the growth that is tolerated in addition to a tenth.</summary>
    public static readonly IReadOnlyList<(string Key, double Tolerance)> Limits =
    [
        ("heap", 3_000_000),
        ("resident", 15_000_000),
        ("handles", 20),
        ("sockets", 15),
        ("threads", 15),
    ];

    public static async Task AddAsync(EnduranceNode node, FigureSet figures)
    {
        (long heap, int unobserved) = await node.Process.DiagnoseAsync();
        string process = string.Create(CultureInfo.InvariantCulture, $"/proc/{node.Process.Id}");
        string[] handles = [.. Directory.GetFiles(process + "/fd").Select(TargetOf)];
        string status = await File.ReadAllTextAsync(process + "/status");
        string prefix = string.Create(CultureInfo.InvariantCulture, $"endurance/node-{node.Number}/");
        figures.Add(prefix + "heap", "bytes", heap);
        figures.Add(prefix + "resident", "bytes", Read(status, "VmRSS:") * 1024);
        figures.Add(prefix + "handles", "", handles.Length);
        figures.Add(prefix + "sockets", "", handles.Count(static target => target.StartsWith("socket:", StringComparison.Ordinal)));
        figures.Add(prefix + "threads", "", Read(status, "Threads:"));
        figures.Add("endurance/unobserved-exceptions", "", unobserved);
    }

    /// <summary>By how much the values grow over the last half of the samples, along the line that fits them best.</summary>
    public static double GrowthOf(IReadOnlyList<double> samples)
    {
        double[] half = [.. samples.Skip(samples.Count / 2)];
        double meanTime = (half.Length - 1) / 2.0,
            mean = half.Average(),
            spread = half.Index().Sum(sample => (sample.Index - meanTime) * (sample.Index - meanTime));
        return spread == 0 ? 0 : half.Index().Sum(sample => (sample.Index - meanTime) * (sample.Item - mean)) / spread * (half.Length - 1);
    }

    private static string TargetOf(string handle)
    {
        try
        {
            return File.ResolveLinkTarget(handle, returnFinalTarget: false)?.Name ?? "";
        }
        catch (IOException)
        {
            return ""; // it was closed meanwhile
        }
    }

    private static double Read(string status, string name)
    {
        string line = status.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
