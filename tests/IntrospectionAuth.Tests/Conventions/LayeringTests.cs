using System.Text.RegularExpressions;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>Keeps the picture of the house in docs/architecture.md true.</summary>
public sealed partial class LayeringTests
{
    // Which folder may use which: the arrows of docs/architecture.md. The root is the handler's and the registration's.
    private static readonly Dictionary<string, string[]> s_arrows = new(StringComparer.Ordinal)
    {
        ["Authorization"] = ["Challenge", "Claims", "Introspection", "TokenRetrieval", "Validation"],
        ["Binding"] = ["DPoP", "Introspection", "Jose"],
        ["Caching"] = ["Discovery", "Introspection", "Resilience", "Server", "Telemetry"],
        ["Challenge"] = ["Claims", "DPoP", "ResourceMetadata"],
        ["Claims"] = ["Introspection"],
        ["ClientAuthentication"] = ["Jose"],
        ["ClientCredentials"] = ["ClientAuthentication", "Fetching", "Introspection", "Server", "TokenRetrieval"],
        ["Configuration"] = ["ClientAuthentication", "Discovery", "Introspection", "Jose", "Providers", "ResourceMetadata"],
        ["Discovery"] = ["Fetching", "Introspection", "Telemetry"],
        ["DPoP"] = ["Jose", "TokenRetrieval"],
        ["Events"] = [],
        ["Fetching"] = [],
        ["HealthChecks"] = ["Caching", "Fetching", "Introspection", "Resilience"],
        ["Introspection"] = ["ClientAuthentication", "Fetching", "Jose", "ServerKeys"],
        ["Jose"] = [],
        ["Providers"] = [],
        ["Resilience"] = ["ClientAuthentication", "ClientCredentials", "Discovery", "Introspection", "Server", "Telemetry"],
        ["ResourceMetadata"] = ["Selection"],
        ["Selection"] = ["TokenRetrieval"],
        ["Server"] = [],
        ["ServerKeys"] = ["Fetching", "Jose"],
        ["Telemetry"] = [],
        ["TokenRetrieval"] = [],
        ["Validation"] = ["Introspection"],
    };

    [Fact]
    public void No_folder_uses_another_against_the_arrows()
    {
        var wrong = new List<string>();
        foreach ((string path, string text) in Repository.SourceFiles("src/IntrospectionAuth"))
        {
            string folder = FolderOf(path);
            if (folder.Length == 0)
                continue;

            IEnumerable<string> used = Used()
                .Matches(text)
                .Select(match => match.Groups["folder"].Value)
                .Where(s_arrows.ContainsKey)
                .Distinct(StringComparer.Ordinal);
            wrong.AddRange(
                used.Where(other => other != folder && !s_arrows[folder].Contains(other, StringComparer.Ordinal))
                    .Select(other => $"{path} uses {other}")
            );
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_is_in_the_picture_and_every_room_of_the_picture_exists()
    {
        IEnumerable<string> folders = Repository
            .SourceFiles("src/IntrospectionAuth")
            .Select(file => FolderOf(file.Path))
            .Where(folder => folder.Length > 0)
            .Distinct(StringComparer.Ordinal);
        string picture = Repository.Read("docs/architecture.md");

        Assert.Equal(s_arrows.Keys.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
        Assert.All(
            s_arrows,
            arrow =>
                Assert.Contains(
                    $"| `{arrow.Key}` | {(arrow.Value.Length == 0 ? "—" : string.Join(", ", arrow.Value))} |",
                    picture,
                    StringComparison.Ordinal
                )
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
    public void No_file_has_grown_into_two()
    {
        IEnumerable<string> tooLong = Repository
            .SourceFiles("src/IntrospectionAuth")
            .Where(file => file.Text.Split('\n').Count(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal)) > 200)
            .Select(file => file.Path);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_folder_is_a_drawer_for_anything()
    {
        string[] drawers = ["Helpers", "Utils", "Common", "Infrastructure", "Models"];

        Assert.Empty(
            Directory
                .EnumerateDirectories(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
                .Select(Path.GetFileName)
                .Intersect(drawers, StringComparer.OrdinalIgnoreCase)
        );
    }

    private static string FolderOf(string path) =>
        path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "";

    [GeneratedRegex(@"\bIntrospectionAuth\.(?<folder>\w+)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Used();

    [GeneratedRegex(
        @"^(    )?(public|internal)\s[^=(\n]*?\b(class|struct|enum|interface|record)\s+(?<name>\w+)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex TopLevelType();
}
