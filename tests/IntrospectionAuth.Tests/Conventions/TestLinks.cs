using System.Text.RegularExpressions;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>Links from pages to the tests that show what they claim.</summary>
internal static partial class TestLinks
{
    /// <summary>What is wrong with a cell of a table that has links to tests and nothing else.</summary>
    public static IEnumerable<string> FaultsIn(string cell)
    {
        foreach (string test in cell.Split(" · "))
        {
            Match link = Link().Match(test);
            if (!link.Success)
                yield return $"This is no link to a test: {test}";
            else if (!IsTest(link.Groups["file"].Value, link.Groups["name"].Value))
                yield return $"There is no such test: {test}";
        }
    }

    /// <summary>
    /// Whether a file has a method of this name that a runner runs: one with an attribute for it, and without a reason to skip it.
    /// </summary>
    private static bool IsTest(string file, string name)
    {
        if (!File.Exists(Path.Combine(Repository.Root, file)))
            return false;

        string[] lines = DocumentationTests.Lines(Repository.Read(file));
        int method = Array.FindIndex(lines, line => Method().Match(line).Groups["name"].Value == name);
        return lines
            .Take(method)
            .Reverse()
            .TakeWhile(static line => line.Length > 0) // its attributes
            .Any(static line => Runner().IsMatch(line));
    }

    [GeneratedRegex(@"^\[(?<name>\w+)\]\((\.\./)?(?<file>tests/[\w./]+\.cs)\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^ +public (async Task|Task|void) (?<name>\w+)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Method();

    [GeneratedRegex(@"^ +\[\w*(Fact|Theory)(\([\w.]+\))?\]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Runner();
}
