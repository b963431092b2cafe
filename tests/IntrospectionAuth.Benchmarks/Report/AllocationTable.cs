using System.Text.RegularExpressions;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.OneShot;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table of what a warm hit allocates above the floor, by type.</summary>
internal static partial class AllocationTable
{
    private const double Least = 12; // the smallest object has 24 bytes; less is noise of the sampling

    public static string Write(FigureSet figures)
    {
        var table = new MarkdownTable("Type", "Bytes above the floor");
        foreach ((string type, double bytes) in Above(figures).OrderByDescending(static pair => pair.Bytes))
        {
            if (Math.Abs(bytes) >= Least)
                table.Add($"`{Shorten(type)}`", Units.Count(bytes));
        }

        return table.ToString();
    }

    /// <summary>The name as in C#: <c>Task&lt;AuthenticateResult&gt;</c>.</summary>
    private static string Shorten(string type) => Arguments().Replace(Namespaces().Replace(type, ""), "<${arguments}>");

    [GeneratedRegex(@"(\w+\.)+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"`\d+\[(?<arguments>.+)\]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Arguments();

    private static IEnumerable<(string Type, double Bytes)> Above(FigureSet figures)
    {
        string[] contenders = [Contender.Ours, Contender.Floor];
        string[] types =
        [
            .. figures
                .All.SelectMany(figure =>
                    contenders
                        .Select(contender => AllocatedTypes.Key(contender, ""))
                        .Where(prefix => figure.Key.StartsWith(prefix, StringComparison.Ordinal))
                        .Select(prefix => figure.Key[prefix.Length..])
                )
                .Distinct(StringComparer.Ordinal),
        ];
        return types.Select(type => (type, Bytes(Contender.Ours, type) - Bytes(Contender.Floor, type)));

        double Bytes(string contender, string type) => figures.Find(AllocatedTypes.Key(contender, type))?.Median ?? 0;
    }
}
