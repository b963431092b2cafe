using System.Text;
using IntrospectionAuth.Tests.Conventions;

namespace IntrospectionAuth.Tests.Mistakes;

/// <summary>A developer who makes a usual mistake reads, in the first place where it shows, how to correct it.</summary>
public sealed class MistakeTests
{
    private const int MaximumLength = 400;

    private static readonly Mistake[] s_all = [.. StartupMistakes.All, .. RequestMistakes.All];

    public static TheoryData<string> Names => [.. s_all.Select(static mistake => mistake.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_mistake_shows_with_its_remedy(string name)
    {
        Mistake mistake = s_all.Single(mistake => mistake.Name == name);

        Observation observation = await MistakenApi.ObserveAsync(mistake);

        Assert.True(
            observation.FindLine(mistake.Remedy) is not null,
            $"{observation.When}: nothing names {mistake.Remedy}\n{string.Join('\n', observation.Lines)}"
        );
    }

    [Fact]
    public async Task The_table_of_mistakes_is_written_to_the_artifacts()
    {
        var table = new StringBuilder("| Mistake | Seen | Remedy that it names | Text |\n|---|---|---|---|\n");
        foreach (Mistake mistake in s_all)
        {
            Observation observation = await MistakenApi.ObserveAsync(mistake);
            string line = observation.FindLine(mistake.Remedy) ?? "**not named:** " + string.Join(" ", observation.Lines);
            table.AppendJoin(" | ", ["| " + mistake.Name, observation.When, $"`{mistake.Remedy}`", Shorten(line)]).Append(" |\n");
        }

        string directory = Path.Combine(Repository.Root, "artifacts");
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "mistakes.md"), table.ToString());

        Assert.True(s_all.Length >= 40, "There are fewer than 40 mistakes.");
    }

    private static string Shorten(string line)
    {
        string text = line.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
        return text.Length <= MaximumLength ? text : text[..MaximumLength] + "…";
    }
}
