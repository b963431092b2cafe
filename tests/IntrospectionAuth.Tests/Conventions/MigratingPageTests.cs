namespace IntrospectionAuth.Tests.Conventions;

/// <summary>docs/migrating.md: what it names as a counterpart exists.</summary>
public sealed class MigratingPageTests
{
    private const string Page = "docs/migrating.md";

    [Theory]
    [InlineData("Option of `OAuth2IntrospectionOptions`")]
    [InlineData("Event of `OAuth2IntrospectionEvents`")]
    [InlineData("Method of `OpenIddictValidationBuilder`")]
    [InlineData("Option of `JwtBearerOptions`")]
    public void A_counterpart_is_an_option_or_event_that_exists_or_the_table_says_why_there_is_none(string heading)
    {
        string[] others = ["SecurityToken", "HttpContext", "HttpClient"];
        string[][] rows = [.. DocumentationTests.Rows(Page, heading)];

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Empty(KnownNames.UnknownIn(row[1]).Except(others, StringComparer.Ordinal)));
        Assert.All(rows, row => Assert.NotEqual("no equivalent", row[1]));
    }
}
