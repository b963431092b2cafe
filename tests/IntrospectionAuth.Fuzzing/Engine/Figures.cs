using System.Globalization;
using IntrospectionAuth.Fuzzing.Targets;

namespace IntrospectionAuth.Fuzzing.Engine;

/// <summary>The executions of every run, and the table of them in <c>docs/quality.md</c>.</summary>
internal static class Figures
{
    private const string Begin = "<!-- figures: fuzzing -->";
    private const string End = "<!-- end of figures: fuzzing -->";
    private const string RunsFile = "executions.tsv";

    private static readonly Row s_none = new(0, 0, 0);

    public static void Append(string results, string target, long executions, TimeSpan elapsed, int branches) =>
        File.AppendAllText(
            Path.Combine(results, RunsFile),
            string.Create(CultureInfo.InvariantCulture, $"{target}\t{executions}\t{elapsed.TotalSeconds:F1}\t{branches}\n")
        );

    /// <summary>Adds the runs that the page does not have yet to its table.</summary>
    public static void Update(string page, string results, string corpora)
    {
        string runs = Path.Combine(results, RunsFile);
        string text = File.ReadAllText(page);
        Dictionary<string, Row> rows = ReadRows(text);
        foreach (string[] run in (File.Exists(runs) ? File.ReadAllLines(runs) : []).Select(static line => line.Split('\t')))
        {
            Row before = rows.GetValueOrDefault(run[0], s_none);
            rows[run[0]] = new(
                before.Executions + long.Parse(run[1], CultureInfo.InvariantCulture),
                before.Seconds + double.Parse(run[2], CultureInfo.InvariantCulture),
                Math.Max(before.Branches, int.Parse(run[3], CultureInfo.InvariantCulture))
            );
        }

        int start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = text.IndexOf(End, StringComparison.Ordinal);
        File.WriteAllText(page, text[..start] + "\n" + Write(rows, corpora) + text[end..]);
        File.Delete(runs);
    }

    private static string Write(Dictionary<string, Row> rows, string corpora)
    {
        var lines = new List<string>
        {
            $"{Environment.ProcessorCount} processors, of which one is used.",
            "",
            "| Target | What it reads | Executions | Hours | Per second | Branches | Kept inputs | Findings |",
            "|---|---|---|---|---|---|---|---|",
        };
        foreach (FuzzTarget target in FuzzTarget.All)
        {
            Row row = rows.GetValueOrDefault(target.Name, s_none);
            (string Path, byte[])[] inputs = [.. new Corpus(Path.Combine(corpora, target.Name)).Read()];
            int findings = inputs.Count(static it => Path.GetFileName(it.Path).StartsWith("finding-", StringComparison.Ordinal));
            lines.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| `{target.Name}` | {target.Purpose} | {row.Executions:N0} | {row.Seconds / 3600:F2} "
                        + $"| {(row.Seconds > 0 ? row.Executions / row.Seconds : 0):N0} | {row.Branches:N0} "
                        + $"| {inputs.Length:N0} | {findings} |"
                )
            );
        }

        lines.Add(string.Create(CultureInfo.InvariantCulture, $"| all | | {rows.Values.Sum(static it => it.Executions):N0} | | | | | |"));
        return string.Join('\n', lines) + "\n";
    }

    private static Dictionary<string, Row> ReadRows(string page) =>
        page.Split('\n')
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(static cells => cells.Length >= 9 && FuzzTarget.All.Any(it => cells[1] == $"`{it.Name}`"))
            .ToDictionary(
                static cells => cells[1].Trim('`'),
                static cells => new Row(Number(cells[3]), (double)Number(cells[3]) / Math.Max(1, Number(cells[5])), (int)Number(cells[6])),
                StringComparer.Ordinal
            );

    private static long Number(string cell) => long.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private sealed record Row(long Executions, double Seconds, int Branches);
}
