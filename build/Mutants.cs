// Writes the counts of a folder's mutants to docs/quality.md, and its survivors to a file. build/mutants.sh runs it.
//
//   dotnet run build/Mutants.cs -- docs/quality.md <accepted> <work> [<folder>]
#:property NoWarn=$(NoWarn);MA0047
// MA0047: types of a program in one file are in no namespace.
using System.Globalization;
using System.Text.Json;

string[] pages = ["<!-- figures: mutants -->", "<!-- end of figures: mutants -->"];
(string page, string acceptedPath, string work) = (args[0], args[1], args[2]);
List<Mutant> accepted = [.. Mutant.ReadAccepted(acceptedPath)];
string text = File.ReadAllText(page);
int start = text.IndexOf(pages[0], StringComparison.Ordinal) + pages[0].Length;
int end = text.IndexOf(pages[1], StringComparison.Ordinal);
SortedDictionary<string, Row> rows = Row.ReadTable(text[start..end]);

string kept = Path.Combine(work, "reports");
string[] folders =
    args.Length > 3 ? [args[3]]
    : Directory.Exists(kept) ? [.. Directory.GetDirectories(kept).Select(folder => Path.GetFileName(folder))]
    : [];
foreach (string folder in folders)
{
    string report = Path.Combine(kept, folder, "reports", "mutation-report.json");
    if (!File.Exists(report))
    {
        continue;
    }

    List<Mutant> mutants = [.. Mutant.ReadReport(report, folder)];
    ILookup<bool, Mutant> alive = mutants.Where(mutant => mutant.Survived || mutant.TimedOut).ToLookup(accepted.Contains);
    rows[folder] = Row.Of(mutants, [.. alive[true]]);
    string survivors = Path.Combine(work, $"{folder}.txt");
    File.WriteAllText(survivors, string.Join('\n', alive[false].OrderBy(mutant => mutant.TimedOut).Select(mutant => mutant.ToString())));
    Console.WriteLine($"{folder}: {rows[folder]} Survivors: {survivors}");
    foreach (Mutant mutant in accepted.Where(mutant => mutant.IsIn(folder)).Except(alive[true]))
    {
        Console.WriteLine($"Accepted, but killed or gone:\n{mutant}");
    }
}

File.WriteAllText(page, $"{text[..start]}\n{Row.WriteTable(rows)}{text[end..]}");

/// <summary>A change of the source. Equal ones change the same text of a file in the same way, wherever the line now is.</summary>
internal sealed record Mutant(string File, string Mutator, string Line, string Replacement)
{
    private const int LongestReplacement = 110;

    private string Status { get; init; } = "";

    private int Number { get; init; }

    public bool Survived => Status is "Survived" or "NoCoverage";

    public bool Counts => Survived || Killed || TimedOut || IsFaulty;

    public bool IsFaulty => Status == "CompileError";

    public bool Killed => Status == "Killed";

    public bool TimedOut => Status == "Timeout";

    public bool IsCovered => Status != "NoCoverage";

    public bool Equals(Mutant? other) =>
        other is not null && (File, Mutator, Line, Replacement) == (other.File, other.Mutator, other.Line, other.Replacement);

    public override int GetHashCode() => HashCode.Combine(File, Mutator, Line, Replacement);

    public bool IsIn(string folder) => folder == "root" ? !File.Contains('/') : File.StartsWith($"{folder}/", StringComparison.Ordinal);

    /// <summary>A block as in the file of accepted mutants, whose last line is a place for the reason.</summary>
    public override string ToString() => $"{File}: {Mutator}\n  {Line}\n  => {Replacement}\n  line {Number}: {Status}\n";

    public static IEnumerable<Mutant> ReadReport(string path, string folder)
    {
        using JsonDocument report = JsonDocument.Parse(System.IO.File.ReadAllText(path));
        foreach (JsonProperty file in report.RootElement.GetProperty("files").EnumerateObject())
        {
            string name = file.Name.Replace('\\', '/').Split("src/IntrospectionAuth/")[^1];
            string[] lines = file.Value.GetProperty("source").GetString()!.ReplaceLineEndings("\n").Split('\n');
            foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray())
            {
                int line = mutant.GetProperty("location").GetProperty("start").GetProperty("line").GetInt32();
                string replacement = OneLine(mutant.GetProperty("replacement").GetString()!);
                var read = new Mutant(name, mutant.GetProperty("mutatorName").GetString()!, Describe(lines, line - 1), replacement)
                {
                    Status = mutant.GetProperty("status").GetString()!,
                    Number = line,
                };
                if (read.Counts && read.IsIn(folder))
                {
                    yield return read;
                }
            }
        }
    }

    public static IEnumerable<Mutant> ReadAccepted(string path) =>
        from block in System.IO.File.ReadAllText(path).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        let lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()).ToArray()
        where lines[0][0] != '#'
        let head = lines[0].Split(": ", 2)
        select lines.Length > 3
            ? new Mutant(head[0], head[1], lines[1], lines[2].Replace("=> ", "", StringComparison.Ordinal))
            : throw new InvalidDataException($"An accepted mutant needs a reason: {block}");

    /// <summary>The text of a line. A brace alone says nothing, so it has what it belongs to before it.</summary>
    private static string Describe(string[] lines, int index)
    {
        string text = lines[index].Trim();
        if (text != "{")
        {
            return text;
        }

        for (int i = index - 1; i >= 0 && (text == "{" || text.Count(it => it == '(') < text.Count(it => it == ')')); i--)
        {
            text = $"{lines[i].Trim()} {text}";
        }

        return text;
    }

    private static string OneLine(string text)
    {
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length > LongestReplacement ? $"{text[..LongestReplacement]}…" : text;
    }
}

/// <summary>The counts of a folder.</summary>
internal sealed record Row(int Killed, int TimedOut, int Survived, int NotCovered, int Accepted, int Faulty)
{
    private const string Head =
        "| Folder | Mutants | Killed | Timed out | Survived | Not reached | Accepted | Do not compile | Score |";

    private int Counted => Killed + TimedOut + Survived + NotCovered;

    public static Row Of(List<Mutant> mutants, List<Mutant> accepted) =>
        new(
            mutants.Count(mutant => mutant.Killed),
            mutants.Count(mutant => mutant.TimedOut) - accepted.Count(mutant => mutant.TimedOut),
            mutants.Count(mutant => mutant.Survived && mutant.IsCovered) - accepted.Count(mutant => mutant.Survived && mutant.IsCovered),
            mutants.Count(mutant => !mutant.IsCovered) - accepted.Count(mutant => !mutant.IsCovered),
            accepted.Count,
            mutants.Count(mutant => mutant.IsFaulty)
        );

    public static SortedDictionary<string, Row> ReadTable(string table)
    {
        var rows = new SortedDictionary<string, Row>(StringComparer.Ordinal);
        foreach (string line in table.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            string[] cells = [.. line.Split('|').Select(cell => cell.Trim())];
            int[] counts = [.. cells[3..9].Select(cell => int.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];
            rows[cells[1].Trim('`')] = new Row(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
        }

        return rows;
    }

    public static string WriteTable(SortedDictionary<string, Row> rows)
    {
        var all = new Row(
            rows.Values.Sum(row => row.Killed),
            rows.Values.Sum(row => row.TimedOut),
            rows.Values.Sum(row => row.Survived),
            rows.Values.Sum(row => row.NotCovered),
            rows.Values.Sum(row => row.Accepted),
            rows.Values.Sum(row => row.Faulty)
        );
        IEnumerable<string> lines = rows.Select(row => $"| `{row.Key}` {row.Value}").Append($"| all {all}");
        return $"{Head}\n|---|---|---|---|---|---|---|---|---|\n{string.Join('\n', lines)}\n";
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {Counted + Accepted:N0} | {Killed:N0} | {TimedOut:N0} | {Survived:N0} | {NotCovered:N0} | {Accepted:N0} | {Faulty:N0} |"
        ) + $" {Score} |";

    private string Score => Counted == 0 ? "—" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * Killed / Counted:0.0} %");
}
