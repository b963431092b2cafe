using System.Text.RegularExpressions;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>docs/compatibility.md claims nothing: each dot is a row, and each row names tests that there are.</summary>
public sealed partial class CompatibilityTests
{
    private const string Page = "docs/compatibility.md";

    [Fact]
    public void Each_row_names_tests_that_exist()
    {
        string[][] rows = [.. DocumentationTests.Rows(Page, "With")];

        Assert.NotEmpty(rows);
        foreach (string[] row in rows)
        {
            foreach (string test in row[2].Split(" · "))
            {
                Match link = Link().Match(test);
                Assert.True(link.Success, $"No link to a test: {row[0]}, {row[1]}");
                Assert.True(IsTest(link.Groups["file"].Value, link.Groups["name"].Value), $"There is no such test: {test}");
            }
        }
    }

    [Fact]
    public void The_dots_are_the_rows()
    {
        string[] servers =
        [
            .. DocumentationTests
                .Lines(Repository.Read(Page))
                .Single(line => line.StartsWith("| Feature |", StringComparison.Ordinal))
                .Trim('|', ' ')
                .Split('|')
                .Skip(1)
                .Select(server => server.Trim()),
        ];

        IEnumerable<string> dots = DocumentationTests
            .Rows(Page, "Feature")
            .SelectMany(row =>
                servers.Zip(row.Skip(1)).Where(cell => cell.Second.Length > 0).Select(cell => $"{cell.First}: {row[0]} {cell.Second}")
            );

        Assert.Equal(
            DocumentationTests.Rows(Page, "With").Select(row => $"{row[0]}: {row[1]} ●").Order(StringComparer.Ordinal),
            dots.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("Conventions/CompatibilityTests.cs", nameof(The_dots_are_the_rows), true)]
    [InlineData("Conventions/CompatibilityTests.cs", nameof(What_is_no_test_is_not_taken_for_one), true)]
    [InlineData("Conventions/CompatibilityTests.cs", nameof(IsTest), false)]
    [InlineData("Conventions/CompatibilityTests.cs", "The_dots_are_the_row", false)]
    [InlineData("Conventions/NoTests.cs", nameof(The_dots_are_the_rows), false)]
    public void What_is_no_test_is_not_taken_for_one(string file, string name, bool expected) =>
        Assert.Equal(expected, IsTest("tests/IntrospectionAuth.Tests/" + file, name));

    /// <summary>
    /// Whether a file has a method of this name that a runner runs: one with an attribute for it, and without a reason to skip it.
    /// </summary>
    private static bool IsTest(string file, string name) =>
        File.Exists(Path.Combine(Repository.Root, file))
        && TestMethod().Matches(Repository.Read(file)).Any(test => test.Groups["name"].Value == name);

    [GeneratedRegex(@"^\[(?<name>\w+)\]\(\.\./(?<file>tests/[\w./]+\.cs)\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(
        @"^ +\[\w*(Fact|Theory)(\([\w.]+\))?\](\r?\n +\[.*)*\r?\n +public (async Task|Task|void) (?<name>\w+)\(",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex TestMethod();
}
