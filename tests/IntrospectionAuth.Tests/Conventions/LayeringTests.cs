using System.Text.RegularExpressions;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>Compares the folders of the library with docs/architecture.md.</summary>
public sealed partial class LayeringTests
{
    [Fact]
    public void The_page_about_the_architecture_lists_every_folder_and_what_it_uses()
    {
        IEnumerable<string> folders = Repository
            .SourceFiles("src/IntrospectionAuth")
            .Select(file => FolderGraph.FolderOf(file.Path))
            .Where(folder => folder.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        IEnumerable<string> actual = folders.Select(folder =>
        {
            string[] used = [.. FolderGraph.Arrows.Keys.Where(it => it.From == folder).Select(it => it.To).Order(StringComparer.Ordinal)];
            return $"| `{folder}` | {(used.Length == 0 ? "—" : string.Join(", ", used))} |";
        });

        IEnumerable<string> documented = DocumentedFolder().Matches(Repository.Read("docs/architecture.md")).Select(match => match.Value);

        Assert.True(actual.SequenceEqual(documented, StringComparer.Ordinal), $"The first columns should be:\n{string.Join('\n', actual)}");
    }

    [Fact]
    public void Folders_do_not_depend_on_each_other_in_a_cycle()
    {
        Dictionary<(string From, string To), string> arrows = FolderGraph.Arrows.ToDictionary();

        // An arrow from a folder that none uses, or to a folder that uses none, is in no cycle. The arrows that cannot be removed form one.
        while (
            arrows
                .Keys.Where(it => !arrows.Keys.Any(other => other.To == it.From) || !arrows.Keys.Any(other => other.From == it.To))
                .ToArray()
                is { Length: > 0 } ends
        )
        {
            foreach ((string From, string To) end in ends)
                arrows.Remove(end);
        }

        Assert.True(
            arrows.Count == 0,
            string.Join('\n', arrows.Select(it => $"{it.Key.From} → {it.Key.To}: {it.Value}").Order(StringComparer.Ordinal))
        );
    }

    [Fact]
    public void A_file_holds_one_type_and_is_named_after_it()
    {
        var wrong = new List<string>();
        foreach (
            (string path, string text) in Repository
                .SourceFiles("src/IntrospectionAuth")
                .Concat(Repository.SourceFiles("src/IntrospectionAuth.Testing"))
                .Concat(Repository.SourceFiles("src/IntrospectionAuth.Tool"))
        )
        {
            MatchCollection types = TopLevelType().Matches(text);
            bool isPart = types.All(type => type.Value.Contains(" partial ", StringComparison.Ordinal));
            string name = Path.GetFileNameWithoutExtension(path);
            if (!isPart && (types.Count != 1 || types[0].Groups["name"].Value != name))
                wrong.Add(path);
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_file_is_longer_than_200_lines_without_documentation()
    {
        IEnumerable<string> tooLong = Repository
            .SourceFiles("src/IntrospectionAuth")
            .Where(file => file.Path != "Log.cs") // a table of messages, whose ids must be seen together
            .Where(file => file.Text.Split('\n').Count(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal)) > 200)
            .Select(file => file.Path);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void The_tool_leaves_every_request_to_an_authorization_server_to_the_library()
    {
        IEnumerable<string> senders = Repository
            .SourceFiles("src/IntrospectionAuth.Tool")
            .Where(file => file.Path != "Serving/ControlClient.cs") // its own server
            .Where(file => file.Text.Contains("HttpRequestMessage", StringComparison.Ordinal) || NewHttpClient().IsMatch(file.Text))
            .Select(file => file.Path);

        Assert.Empty(senders);
    }

    [Fact]
    public void No_folder_is_named_after_code_that_fits_nowhere()
    {
        string[] names = ["Helpers", "Utils", "Common", "Infrastructure", "Models"];

        Assert.Empty(
            Directory
                .EnumerateDirectories(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
                .Select(Path.GetFileName)
                .Intersect(names, StringComparer.OrdinalIgnoreCase)
        );
    }

    [GeneratedRegex(@"new HttpClient\(|\bHttpClient \w+ = new\(|IHttpClientFactory", RegexOptions.None, 1000)]
    private static partial Regex NewHttpClient();

    [GeneratedRegex(@"^\| `\w+` \| [^|]* \|", RegexOptions.Multiline, 1000)]
    private static partial Regex DocumentedFolder();

    [GeneratedRegex(
        @"^(    )?(public|internal)\s[^=(\n]*?\b(class|struct|enum|interface|record)\s+(?<name>\w+)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex TopLevelType();
}
