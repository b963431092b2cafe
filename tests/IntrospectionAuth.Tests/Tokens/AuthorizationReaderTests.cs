using IntrospectionAuth.Tokens;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>Valid and malformed <c>Authorization</c> headers.</summary>
public sealed class AuthorizationReaderTests
{
    private const int MaximumLength = 16_384;

    [Theory]
    [InlineData("Bearer abc", "abc")]
    [InlineData("bearer abc", "abc")]
    [InlineData("BEARER abc", "abc")]
    [InlineData("bEaReR abc", "abc")]
    [InlineData("Bearer  abc", "abc")]
    [InlineData("Bearer          abc", "abc")]
    [InlineData("Bearer a", "a")]
    [InlineData("Bearer a=", "a=")]
    [InlineData("Bearer ab==", "ab==")]
    [InlineData("Bearer a=======", "a=======")]
    [InlineData("Bearer Bearer", "Bearer")]
    [InlineData("Bearer ABCXYZabcxyz0189-._~+/", "ABCXYZabcxyz0189-._~+/")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJub25lIn0.e30.")]
    public void A_well_formed_header_yields_its_token(string header, string token)
    {
        RequestToken read = AuthorizationReader.Read(header, MaximumLength);

        Assert.Equal(token, read.Value.ToString());
        Assert.False(read.IsMalformed);
        Assert.False(read.IsNone);
    }

    [Theory]
    [InlineData("DPoP abc", "abc")]
    [InlineData("dpop abc", "abc")]
    [InlineData("DPOP    abc==", "abc==")]
    [InlineData("DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU", "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU")]
    public void A_token_may_have_the_scheme_DPoP(string header, string token)
    {
        RequestToken read = AuthorizationReader.Read(header, MaximumLength);

        Assert.Equal(token, read.Value.ToString());
        Assert.True(read.IsDPoP);
        Assert.False(read.IsMalformed);
        Assert.False(AuthorizationReader.Read("Bearer abc", MaximumLength).IsDPoP);
    }

    [Theory]
    [ClassData(typeof(MalformedHeaders))]
    public void Tokens_that_are_malformed_as_bearer_tokens_are_malformed_as_DPoP_tokens(string header)
    {
        RequestToken read = AuthorizationReader.Read("DPoP" + header["Bearer".Length..], MaximumLength);

        Assert.True(read.IsMalformed);
        Assert.True(read.IsDPoP);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic YTpi")]
    [InlineData("DPoPToken abc")]
    [InlineData("DPoPabc")]
    [InlineData("DPo")]
    [InlineData("Bea")]
    [InlineData("BearerToken abc")]
    [InlineData("Bearerabc")]
    [InlineData("Bearer-abc")]
    [InlineData("Negotiate Bearer abc")]
    [InlineData("Digest username=\"Bearer abc\"")]
    public void A_header_of_another_scheme_yields_no_token(string header)
    {
        RequestToken read = AuthorizationReader.Read(header, MaximumLength);

        Assert.True(read.IsNone);
        Assert.False(read.IsMalformed);
    }

    [Fact]
    public void A_request_without_a_header_yields_no_token()
    {
        RequestToken read = AuthorizationReader.Read(StringValues.Empty, MaximumLength);

        Assert.True(read.IsNone);
    }

    [Theory]
    [ClassData(typeof(MalformedHeaders))]
    public void A_header_that_is_not_one_b64token_is_malformed(string header)
    {
        RequestToken read = AuthorizationReader.Read(header, MaximumLength);

        Assert.True(read.IsMalformed);
        Assert.False(read.Value.HasValue);
    }

    [Fact]
    public void A_lone_surrogate_is_malformed()
    {
        RequestToken read = AuthorizationReader.Read("Bearer good" + (char)0xD800, MaximumLength);

        Assert.True(read.IsMalformed);
    }

    [Fact]
    public void Every_character_outside_b64token_is_malformed_at_any_position()
    {
        const string Allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";

        for (int code = 0; code <= char.MaxValue; code++)
        {
            char character = (char)code;
            bool isAllowed = Allowed.Contains(character, StringComparison.Ordinal);

            Assert.Equal(isAllowed, !AuthorizationReader.ReadToken($"a{character}b", MaximumLength).IsMalformed);
            Assert.Equal(isAllowed, !AuthorizationReader.ReadToken($"{character}ab", MaximumLength).IsMalformed);
            Assert.Equal(isAllowed || character == '=', !AuthorizationReader.ReadToken($"ab{character}", MaximumLength).IsMalformed);
        }
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(9, true)]
    public void A_token_longer_than_allowed_is_malformed(int length, bool isMalformed)
    {
        RequestToken read = AuthorizationReader.Read("Bearer " + new string('a', length), maximumLength: 8);

        Assert.Equal(isMalformed, read.IsMalformed);
    }

    [Theory]
    [InlineData("abcdefg", "None")]
    [InlineData("abcdefgh", "None")]
    [InlineData("abcdefg,", "InvalidCharacter")]
    [InlineData("abcdefgh,", "TooLong")]
    [InlineData("", "Empty")]
    public void The_fault_of_a_token_of_at_most_eight_characters_is_named(string token, string fault) =>
        Assert.Equal(fault, AuthorizationReader.Read("Bearer " + token, maximumLength: 8).Fault.ToString());

    [Fact]
    public void Spaces_before_the_token_do_not_count_toward_its_length()
    {
        RequestToken read = AuthorizationReader.Read("Bearer            abcdefgh", maximumLength: 8);

        Assert.Equal("abcdefgh", read.Value.ToString());
    }

    [Theory]
    [InlineData("Bearer abc", "Bearer abc")]
    [InlineData("Bearer abc", "Bearer def")]
    [InlineData("Bearer abc", "Basic YTpi")]
    [InlineData("Basic YTpi", "Bearer abc")]
    [InlineData("Bearer abc", "")]
    [InlineData("", "bearer abc")]
    [InlineData("Bearer", "Basic YTpi")]
    [InlineData("DPoP abc", "DPoP abc")]
    [InlineData("DPoP abc", "Bearer abc")]
    [InlineData("Basic YTpi", "dpop abc")]
    public void Two_headers_of_which_one_has_an_access_token_are_malformed(string first, string second)
    {
        RequestToken read = AuthorizationReader.Read(new StringValues([first, second]), MaximumLength);

        Assert.True(read.IsMalformed);
    }

    [Fact]
    public void Two_headers_of_other_schemes_yield_no_token()
    {
        RequestToken read = AuthorizationReader.Read(new StringValues(["Basic YTpi", "Negotiate abc"]), MaximumLength);

        Assert.True(read.IsNone);
    }
}
