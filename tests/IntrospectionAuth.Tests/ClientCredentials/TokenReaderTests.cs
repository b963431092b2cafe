using System.Text;
using IntrospectionAuth.ClientCredentials;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Tests.ClientCredentials;

/// <summary>What is a token response, and what is none.</summary>
public sealed class TokenReaderTests
{
    [Theory]
    [InlineData("""{"access_token":"abc-._~+/==","token_type":"Bearer","expires_in":3600}""", 3600)]
    [InlineData("""{"access_token":"abc-._~+/==","token_type":"bearer","expires_in":0.5,"scope":"introspect","extra":{"a":[1]}}""", 0.5)]
    [InlineData("""{"expires_in":3.6e3,"token_type":"BEARER","access_token":"abc-._~+/=="}""", 3600)]
    [InlineData("""{"access_token":"abc-._~+/==","token_type":"Bearer","expires_in":"3600"}""", 3600)]
    [InlineData("""{"access_token":"abc-._~+/==","token_type":"Bearer","expires_in":"0.5"}""", 0.5)]
    [InlineData("""{"access_token":"abc-._~+/==","token_type":"Bearer","expires_in":"3.6e3"}""", 3600)]
    [InlineData("""{"access_token":"abc-._~+/==","token_type":"Bearer","expires_in":"1e300"}""", 86400)]
    [InlineData("""{"access_token":"abc-._~+/==","token_type":"Bearer"}""", 300)]
    [InlineData("""{"access_token":"abc-._~+/==","token_type":"Bearer","expires_in":null}""", 300)]
    [InlineData("""{"access_token":"abc-._~+/==","token_type":"Bearer","expires_in":1e300}""", 86400)]
    [InlineData("""{"access_token":"abc-._~+/==","token_type":"Bearer","expires_in":86401}""", 86400)]
    [InlineData("\uFEFF{\"access_token\":\"abc-._~+/==\",\"token_type\":\"Bearer\",\"expires_in\":10}", 10)]
    public void A_bearer_token_is_read_with_its_lifetime(string body, double seconds)
    {
        Reading<(string Token, TimeSpan Lifetime)> reading = Read(body);

        Assert.Equal(("abc-._~+/==", TimeSpan.FromSeconds(seconds), null), (reading.Value.Token, reading.Value.Lifetime, reading.Fault));
    }

    [Theory]
    [InlineData("", "it is not JSON, has a member twice, or is nested too deeply")]
    [InlineData("<html>", "it is not JSON, has a member twice, or is nested too deeply")]
    [InlineData("access_token=abc&token_type=bearer", "it is not JSON, has a member twice, or is nested too deeply")]
    [InlineData(
        """{"access_token":"abc","access_token":"xyz","token_type":"Bearer"}""",
        "it is not JSON, has a member twice, or is nested too deeply"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","token_type":"DPoP"}""",
        "it is not JSON, has a member twice, or is nested too deeply"
    )]
    [InlineData("""{"access_token":"abc","token_type":"Bearer"} {}""", "it is not JSON, has a member twice, or is nested too deeply")]
    [InlineData("[]", "it is not a JSON object")]
    [InlineData("null", "it is not a JSON object")]
    [InlineData("\"abc\"", "it is not a JSON object")]
    [InlineData("{}", "its token_type is not Bearer")]
    [InlineData("""{"access_token":"abc"}""", "its token_type is not Bearer")]
    [InlineData("""{"access_token":"abc","token_type":"DPoP","expires_in":60}""", "its token_type is not Bearer")]
    [InlineData("""{"access_token":"abc","token_type":"mac"}""", "its token_type is not Bearer")]
    [InlineData("""{"access_token":"abc","token_type":["Bearer"]}""", "its token_type is not Bearer")]
    [InlineData("""{"access_token":"abc","token_type":null}""", "its token_type is not Bearer")]
    [InlineData("""{"access_token":"abc","Token_Type":"Bearer"}""", "its token_type is not Bearer")]
    [InlineData("""{"token_type":"Bearer"}""", "it has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"","token_type":"Bearer"}""", "it has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"a b","token_type":"Bearer"}""", "it has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"a\r\nX-Injected: yes","token_type":"Bearer"}""", "it has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"abc\u0000","token_type":"Bearer"}""", "it has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"ab=c","token_type":"Bearer"}""", "it has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"==","token_type":"Bearer"}""", "it has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"tök","token_type":"Bearer"}""", "it has no access_token that is a bearer token")]
    [InlineData("""{"access_token":4711,"token_type":"Bearer"}""", "it has no access_token that is a bearer token")]
    [InlineData("""{"access_token":{"value":"abc"},"token_type":"Bearer"}""", "it has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":0}""", "its expires_in is not a number greater than zero")]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":-1}""", "its expires_in is not a number greater than zero")]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":"0"}""", "its expires_in is not a number greater than zero")]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":"-1"}""", "its expires_in is not a number greater than zero")]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":""}""", "its expires_in is not a number greater than zero")]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":" 3600"}""",
        "its expires_in is not a number greater than zero"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":"1 hour"}""",
        "its expires_in is not a number greater than zero"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":"1e999"}""",
        "its expires_in is not a number greater than zero"
    )]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":true}""", "its expires_in is not a number greater than zero")]
    [InlineData("""{"access_token":"\ud800","token_type":"Bearer"}""", "it has a string that is not Unicode")]
    public void Any_other_response_is_rejected(string body, string fault)
    {
        Reading<(string Token, TimeSpan Lifetime)> reading = Read(body);

        Assert.Equal((null, fault), (reading.Value.Token, reading.Fault));
    }

    [Fact]
    public void A_response_that_is_not_UTF_8_or_too_deep_and_a_token_that_fits_no_header_are_rejected()
    {
        string nested = new string('[', 40) + new string(']', 40);

        Assert.Equal("it is not UTF-8", TokenReader.Read(new byte[] { (byte)'{', 0xFF, (byte)'}' }).Fault);
        Assert.NotNull(Read($$"""{"access_token":"abc","token_type":"Bearer","x":{{nested}}}""").Fault);
        Assert.NotNull(Read($$"""{"access_token":"{{new string('a', 16_385)}}","token_type":"Bearer"}""").Fault);
        Assert.Null(Read($$"""{"access_token":"{{new string('a', 16_384)}}","token_type":"Bearer"}""").Fault);
    }

    private static Reading<(string Token, TimeSpan Lifetime)> Read(string body) => TokenReader.Read(Encoding.UTF8.GetBytes(body));
}
