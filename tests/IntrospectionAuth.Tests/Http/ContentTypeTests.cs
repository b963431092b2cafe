using System.Net.Http.Headers;
using IntrospectionAuth.Http;

namespace IntrospectionAuth.Tests.Http;

/// <summary>Which responses are JSON, and how a log names another content type.</summary>
public sealed class ContentTypeTests
{
    [Theory]
    [InlineData(true, "application/json")]
    [InlineData(true, "Application/JSON; charset=utf-8")]
    [InlineData(true, "application/ld+json")]
    [InlineData(false)]
    [InlineData(false, "")]
    [InlineData(false, "text/html")]
    [InlineData(false, "application/json, text/html")]
    [InlineData(false, "application/json", "application/json")]
    [InlineData(false, "application/json; charset=utf-8", "text/html")]
    public void Json_is_one_type_that_says_so(bool isJson, params string[] values) =>
        Assert.Equal(isJson, ContentType.IsJson(Headers(values)));

    [Theory]
    [InlineData(" but text/html", "text/html")]
    [InlineData(" but text/html", "text/html; charset=utf-8")]
    [InlineData(" but application/vnd.a-1.b+XML", "application/vnd.a-1.b+XML")]
    [InlineData(" (it has none)")]
    [InlineData(" (it has several)", "text/html", "text/plain")]
    [InlineData("", "no type")]
    [InlineData("", "text/h%74ml")]
    [InlineData("", "text/a_b")]
    [InlineData("", "text/the-secret-of-the-api")]
    [InlineData("", "the-token-4711/html")]
    public void A_log_names_the_type_unless_it_is_illegible_or_repeats_a_secret(string description, params string[] values) =>
        Assert.Equal(description, ContentType.Describe(Headers(values), null, "the-secret-of-the-api", "the-token-4711"));

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void A_log_names_a_type_of_at_most_60_characters(int length, bool isNamed)
    {
        string type = "text/".PadRight(length, 'x');

        Assert.Equal(isNamed ? " but " + type : "", ContentType.Describe(Headers(type)));
    }

    private static HttpContentHeaders Headers(params string[] values)
    {
        var content = new ByteArrayContent([]);
        if (values.Length > 0)
            content.Headers.TryAddWithoutValidation("Content-Type", values);
        return content.Headers;
    }
}
