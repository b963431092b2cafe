using IntrospectionAuth.Scopes;

namespace IntrospectionAuth.Tests.Scopes;

/// <summary>The characters of a scope: <c>1*( %x21 / %x23-5B / %x5D-7E )</c> (RFC 6749, section 3.3).</summary>
public sealed class ScopeTokenTests
{
    [Fact]
    public void A_character_is_allowed_in_a_scope_if_the_grammar_has_it()
    {
        const string Excluded = "\"\\";
        char[] expected = [.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(code => (char)code).Except(Excluded)];

        char[] alone = [.. Enumerable.Range(0, 0x180).Select(code => (char)code).Where(it => ScopeToken.IsValid($"{it}"))];
        char[] between = [.. Enumerable.Range(0, 0x180).Select(code => (char)code).Where(it => ScopeToken.IsValid($"a{it}z"))];

        Assert.Equal(expected, alone);
        Assert.Equal(expected, between);
    }

    [Fact]
    public void A_scope_is_not_empty() => Assert.False(ScopeToken.IsValid(""));
}
