namespace IntrospectionAuth.Tests.Conventions;

/// <summary>docs/compatibility.md claims nothing: each dot is a row, and each row names tests that there are.</summary>
public sealed class CompatibilityTests
{
    private const string Page = "docs/compatibility.md";

    [Fact]
    public void Each_row_names_tests_that_exist()
    {
        string[][] rows = [.. DocumentationTests.Rows(Page, "With")];

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Empty(TestLinks.FaultsIn(row[2])));
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
}
