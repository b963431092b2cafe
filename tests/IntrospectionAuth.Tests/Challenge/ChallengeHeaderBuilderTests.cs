using System.Net.Http.Headers;
using IntrospectionAuth.Challenge;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>The syntax of a challenge.</summary>
public sealed class ChallengeHeaderBuilderTests
{
    [Fact]
    public void Without_parameters_the_header_is_the_scheme() => Assert.Equal("Bearer", new ChallengeHeaderBuilder("Bearer").ToString());

    [Fact]
    public void A_parameter_that_is_null_is_omitted()
    {
        var header = new ChallengeHeaderBuilder("Bearer");

        header.Add("realm", null);
        header.Add("error", "invalid_token");
        header.Add("error_uri", null);

        Assert.Equal("Bearer error=\"invalid_token\"", header.ToString());
    }

    [Fact]
    public void Parameters_keep_their_order_and_are_separated_by_commas()
    {
        var header = new ChallengeHeaderBuilder("Bearer");

        header.Add("realm", "api");
        header.Add("scope", "a b");
        header.Add("error", "");

        Assert.Equal("Bearer realm=\"api\", scope=\"a b\", error=\"\"", header.ToString());
    }

    [Theory]
    [InlineData("plain text: 100% <ok>, really", "plain text: 100% <ok>, really")]
    [InlineData("say \"hello\"", "say \\\"hello\\\"")]
    [InlineData("C:\\", "C:\\\\")]
    [InlineData("\\\"", "\\\\\\\"")]
    [InlineData("\", error=\"x", "\\\", error=\\\"x")]
    [InlineData("a\r\nSet-Cookie: a=b", "a??Set-Cookie: a=b")]
    [InlineData("a\tb\0c\u007Fd\u001Fe", "a?b?c?d?e")]
    [InlineData("é€\u0085\u2028", "????")]
    [InlineData("😀", "??")]
    [InlineData(" ~", " ~")]
    public void A_value_is_a_quoted_string_of_printable_ASCII(string value, string quoted)
    {
        var header = new ChallengeHeaderBuilder("Bearer");

        header.Add("realm", value);

        Assert.Equal($"Bearer realm=\"{quoted}\"", header.ToString());
    }

    [Fact]
    public void No_character_ends_the_quoted_string_or_the_header()
    {
        for (int code = 0; code <= char.MaxValue; code++)
        {
            var header = new ChallengeHeaderBuilder("Bearer");

            header.Add("realm", $"a{(char)code}b");
            header.Add("error", "x");

            Assert.True(AuthenticationHeaderValue.TryParse(header.ToString(), out AuthenticationHeaderValue? parsed), $"U+{code:X4}");
            Assert.EndsWith("b\", error=\"x\"", parsed.Parameter, StringComparison.Ordinal);
            Assert.DoesNotContain(header.ToString(), character => character is < ' ' or > '~');
        }
    }
}
