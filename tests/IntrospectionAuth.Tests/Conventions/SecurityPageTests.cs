namespace IntrospectionAuth.Tests.Conventions;

/// <summary>SECURITY.md claims nothing: each attack names tests that there are.</summary>
public sealed class SecurityPageTests
{
    private static readonly string[][] s_rows = [.. DocumentationTests.Rows("SECURITY.md", "Id")];

    [Fact]
    public void Each_attack_names_tests_that_exist()
    {
        Assert.NotEmpty(s_rows);
        Assert.All(s_rows, row => Assert.Empty(TestLinks.FaultsIn(row[4])));
    }

    [Fact]
    public void Each_attack_is_there_once_and_in_order() =>
        Assert.Equal(Enumerable.Range(1, 19).Select(number => $"X{number}"), s_rows.Select(row => row[0]).Where(id => id.Length > 0));
}
