namespace IntrospectionAuth.Tests.Conventions;

/// <summary>Code and pages are written in plain words, on lines that fit a screen.</summary>
public sealed class PlainWordsTests
{
    private const int LongestLine = 140;

    private static readonly string[] _folders = ["src", "tests", "samples", "build", "docs"];
    private static readonly string[] _extensions = [".cs", ".md", ".mjs", ".js", ".html", ".css", ".sh", ".props", ".targets"];
    private static readonly string[] _generated = ["bin", "obj", "node_modules"];

    [Fact]
    public void Lines_end_at_140_characters() =>
        AssertNone(
            from file in Files()
            from line in file.Text.Split('\n').Index()
            where line.Item.Length > LongestLine && !IsTableRow(file.Path, line.Item) && !HasLongWord(line.Item)
            select $"{file.Path}:{line.Index + 1} has {line.Item.Length} characters."
        );

    [Fact]
    public void Code_and_pages_are_written_in_plain_words() =>
        AssertNone(
            from file in Files()
            where Path.GetFileNameWithoutExtension(file.Path) is not (nameof(RejectedPhrases) or nameof(PlainWordsTests))
            from found in RejectedPhrases.In(file.Text)
            where !NamesTheFormerName(file, found.Line)
            select $"{file.Path}:{found.Line} says \"{found.Phrase}\". Write instead: {found.Instead}."
        );

    [Theory]
    [InlineData("/// The caller is\n    /// told so.", "is told")]
    [InlineData("public void Nobody_waits()", "nobody")]
    [InlineData("bool IsLeftAlone", "left alone")]
    [InlineData("\"of the \" + \"newcomer\"", "newcomer")]
    [InlineData("string isAnswered", "answered")]
    [InlineData("It is let. In a warehouse, toldest, mushrooms", null)]
    public void A_phrase_is_found_in_prose_and_in_names(string text, string? phrase) =>
        Assert.Equal(phrase, RejectedPhrases.In(text).Select(found => found.Phrase).SingleOrDefault());

    private static void AssertNone(IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        Assert.True(all is [], $"{all.Length} places, among them:\n{string.Join('\n', all.Take(50))}");
    }

    // The table of renamed members.
    private static bool NamesTheFormerName((string Path, string Text) file, int line) =>
        file.Path == "CHANGELOG.md" && IsTableRow(file.Path, file.Text.Split('\n')[line - 1]);

    // A row of a Markdown table has no line breaks.
    private static bool IsTableRow(string path, string line) =>
        path.EndsWith(".md", StringComparison.Ordinal) && line.TrimStart().StartsWith('|');

    // Neither has a URL, a key, a token, or JSON without spaces.
    private static bool HasLongWord(string line) => line.Split(' ').Any(static word => word.Length > 100);

    private static IEnumerable<(string Path, string Text)> Files() =>
        _folders
            .SelectMany(FilesBelow)
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.*"))
            .Where(file => _extensions.Contains(Path.GetExtension(file)))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(Path.Combine(Repository.Root, path))));

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, folder), "*.*", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(_generated.Contains));
}
