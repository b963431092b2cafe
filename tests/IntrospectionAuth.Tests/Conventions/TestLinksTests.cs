namespace IntrospectionAuth.Tests.Conventions;

/// <summary>What the tests of pages take for a link to a test.</summary>
public sealed class TestLinksTests
{
    [Theory]
    [InlineData("[A_test_is_found](../tests/IntrospectionAuth.Tests/Conventions/TestLinksTests.cs)")]
    [InlineData("[A_test_is_found](tests/IntrospectionAuth.Tests/Conventions/TestLinksTests.cs)")]
    [InlineData(
        "[Anything_else_is_a_fault](tests/IntrospectionAuth.Tests/Conventions/TestLinksTests.cs)"
            + " · [The_dots_are_the_rows](tests/IntrospectionAuth.Tests/Conventions/CompatibilityTests.cs)"
    )]
    public void A_test_is_found(string cell) => Assert.Empty(TestLinks.FaultsIn(cell));

    [Theory]
    [InlineData("")]
    [InlineData("a claim without a link")]
    [InlineData("[A_test_is_foun](tests/IntrospectionAuth.Tests/Conventions/TestLinksTests.cs)")]
    [InlineData("[FaultsIn](tests/IntrospectionAuth.Tests/Conventions/TestLinks.cs)")]
    [InlineData("[A_test_is_found](tests/IntrospectionAuth.Tests/Conventions/NoTests.cs)")]
    [InlineData("[The_dots_are_the_rows](tests/IntrospectionAuth.Tests/Conventions/CompatibilityTests.cs) · more")]
    public void Anything_else_is_a_fault(string cell) => Assert.Single(TestLinks.FaultsIn(cell));
}
