namespace IntrospectionAuth.Tests;

/// <summary>How the log writes values that a server sent.</summary>
public sealed class LogTextTests
{
    [Theory]
    [InlineData("api://orders", "api://orders")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\r\nfail: \u001b[31m\u202e\"\\\u00e9", "\"a\\u000d\\u000afail: \\u001b[31m\\u202e\\u0022\\u005c\\u00e9\"")]
    [InlineData("opaque-token-4711", "(a value that repeats the token or a secret)")]
    [InlineData("x opaque-token-4711 y", "(a value that repeats the token or a secret)")]
    [InlineData("opaque-token-471", "(a value that repeats the token or a secret)")]
    [InlineData("x Opaque-token-471 y", "(a value that repeats the token or a secret)")]
    [InlineData("opaque", "opaque")]
    public void A_value_is_printable_and_shows_where_it_ends_and_no_token(string value, string text) =>
        Assert.Equal(text, LogText.Of(value, "opaque-token-4711", null, ""));

    [Fact]
    public void A_text_has_at_most_200_characters()
    {
        Assert.Equal(200, LogText.Of(new string('x', 5000)).Length);
        Assert.Equal(200, LogText.OfAll(Enumerable.Repeat("audience", 5000)).Length);
        Assert.EndsWith("...", LogText.Of(new string('\u202e', 100)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.25, "0.25 s")]
    [InlineData(9.5, "9.5 s")]
    [InlineData(90.9, "90 s")]
    [InlineData(600, "10 min")]
    [InlineData(10_000, "2 h")]
    [InlineData(200_000, "2 days")]
    public void A_duration_has_the_unit_that_suits_it(double seconds, string text) =>
        Assert.Equal(text, LogText.Of(TimeSpan.FromSeconds(seconds)));
}
