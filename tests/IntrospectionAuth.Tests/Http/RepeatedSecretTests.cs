using IntrospectionAuth.Http;

namespace IntrospectionAuth.Tests.Http;

/// <summary>A server may repeat a token or a secret in what it sends. No log and no page shows such text.</summary>
public sealed class RepeatedSecretTests
{
    [Theory]
    [InlineData("text/my-secret.", "secret", true)] // all of a short secret
    [InlineData("text/MY-SECRET.", "secret", true)]
    [InlineData("abcdefgh", "12abcdefgh34", true)] // eight characters
    [InlineData("12345678abcdefgh", "abcdefgh34", true)] // at the end of the text
    [InlineData("ABCDEFGH12345678", "34abcdefgh", true)]
    [InlineData("abcdefg-", "12abcdefg34", false)] // seven
    [InlineData("abc", "12abcdefg34", true)] // all of a short text
    [InlineData("invalid_grant", "a-secret", false)]
    [InlineData("invalid_grant", "", false)]
    [InlineData("invalid_grant", null, false)]
    public void Text_that_shares_eight_characters_with_a_secret_repeats_it(string text, string? secret, bool isRepeated)
    {
        Assert.Equal(isRepeated, RepeatedSecret.IsIn(text, secret));
        Assert.Equal(isRepeated, RepeatedSecret.IsIn(text, null, "", "other-value", secret));
    }

    [Theory]
    [InlineData("the secret is short", "secret", true)]
    [InlineData("prefix 0123456789abcdef", "0123456789abcdef-and-more", true)]
    [InlineData("prefix 0123456789abcde", "0123456789abcdef-and-more", false)]
    [InlineData("", "secret", false)]
    public void A_value_that_must_be_read_may_share_fifteen(string text, string secret, bool isRepeated) =>
        Assert.Equal(isRepeated, RepeatedSecret.IsLargelyIn(text, secret));
}
