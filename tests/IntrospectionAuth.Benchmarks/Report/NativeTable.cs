using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Native;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table that compares a native binary with the same program on .NET.</summary>
internal static class NativeTable
{
    public static string Write(FigureSet figures)
    {
        var table = new MarkdownTable("Measure, median of the rounds", "Native AOT", "JIT");
        Add(table, figures, "Checks from the outside", "checks", Units.Count);
        Add(table, figures, "— of which failed", "wrong", Units.Count);
        Add(table, figures, "Size of what is deployed", "size", Units.Bytes);
        Add(table, figures, "— and of the shared framework that must be installed", "framework", Units.Bytes);
        Add(table, figures, "From the start of the process to the first accepted token", "start", Units.Milliseconds);
        Add(table, figures, "Resident memory after 1,000 requests with 100 tokens", "memory", Units.Bytes);
        return table.ToString();
    }

    private static void Add(MarkdownTable table, FigureSet figures, string measure, string key, Func<double, string> format) =>
        table.Add(
            measure,
            Describe(figures[$"{NativeCommand.Aot}/{key}"], format),
            Describe(figures[$"{NativeCommand.Jit}/{key}"], format)
        );

    private static string Describe(Figure figure, Func<double, string> format) =>
        figure.Rounds.Count == 1 ? format(figure.Median) : $"{format(figure.Median)} ({format(figure.Lowest)} to {format(figure.Highest)})";
}
