using System.Text;
using IntrospectionAuth.ClientCredentials;

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
        TokenReading reading = Read(body);

        Assert.Equal(("abc-._~+/==", TimeSpan.FromSeconds(seconds), null), (reading.Token, reading.Lifetime, reading.Fault));
    }

    [Theory]
    [InlineData("", "its response is not JSON, has a member twice, or is nested too deeply")]
    [InlineData("<html>", "its response is not JSON, has a member twice, or is nested too deeply")]
    [InlineData("access_token=abc&token_type=bearer", "its response is not JSON, has a member twice, or is nested too deeply")]
    [InlineData(
        """{"access_token":"abc","access_token":"xyz","token_type":"Bearer"}""",
        "its response is not JSON, has a member twice, or is nested too deeply"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","token_type":"DPoP"}""",
        "its response is not JSON, has a member twice, or is nested too deeply"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer"} {}""",
        "its response is not JSON, has a member twice, or is nested too deeply"
    )]
    [InlineData("[]", "its response is not a JSON object")]
    [InlineData("null", "its response is not a JSON object")]
    [InlineData("\"abc\"", "its response is not a JSON object")]
    [InlineData("{}", "the token_type of its response is not Bearer")]
    [InlineData("""{"access_token":"abc"}""", "the token_type of its response is not Bearer")]
    [InlineData("""{"access_token":"abc","token_type":"DPoP","expires_in":60}""", "the token_type of its response is not Bearer")]
    [InlineData("""{"access_token":"abc","token_type":"mac"}""", "the token_type of its response is not Bearer")]
    [InlineData("""{"access_token":"abc","token_type":["Bearer"]}""", "the token_type of its response is not Bearer")]
    [InlineData("""{"access_token":"abc","token_type":null}""", "the token_type of its response is not Bearer")]
    [InlineData("""{"access_token":"abc","Token_Type":"Bearer"}""", "the token_type of its response is not Bearer")]
    [InlineData("""{"token_type":"Bearer"}""", "its response has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"","token_type":"Bearer"}""", "its response has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"a b","token_type":"Bearer"}""", "its response has no access_token that is a bearer token")]
    [InlineData(
        """{"access_token":"a\r\nX-Injected: yes","token_type":"Bearer"}""",
        "its response has no access_token that is a bearer token"
    )]
    [InlineData("""{"access_token":"abc\u0000","token_type":"Bearer"}""", "its response has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"ab=c","token_type":"Bearer"}""", "its response has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"==","token_type":"Bearer"}""", "its response has no access_token that is a bearer token")]
    [InlineData("""{"access_token":"tök","token_type":"Bearer"}""", "its response has no access_token that is a bearer token")]
    [InlineData("""{"access_token":4711,"token_type":"Bearer"}""", "its response has no access_token that is a bearer token")]
    [InlineData("""{"access_token":{"value":"abc"},"token_type":"Bearer"}""", "its response has no access_token that is a bearer token")]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":0}""",
        "the expires_in of its response is not a number greater than zero"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":-1}""",
        "the expires_in of its response is not a number greater than zero"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":"0"}""",
        "the expires_in of its response is not a number greater than zero"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":"-1"}""",
        "the expires_in of its response is not a number greater than zero"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":""}""",
        "the expires_in of its response is not a number greater than zero"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":" 3600"}""",
        "the expires_in of its response is not a number greater than zero"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":"1 hour"}""",
        "the expires_in of its response is not a number greater than zero"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":"1e999"}""",
        "the expires_in of its response is not a number greater than zero"
    )]
    [InlineData(
        """{"access_token":"abc","token_type":"Bearer","expires_in":true}""",
        "the expires_in of its response is not a number greater than zero"
    )]
    [InlineData("""{"access_token":"\ud800","token_type":"Bearer"}""", "its response has a string that is not Unicode")]
    public void Anything_else_is_no_token(string body, string fault)
    {
        TokenReading reading = Read(body);

        Assert.Equal((null, fault), (reading.Token, reading.Fault));
    }

    [Fact]
    public void A_response_that_is_not_UTF_8_or_too_deep_and_a_token_that_no_header_takes_are_no_tokens()
    {
        string nested = new string('[', 40) + new string(']', 40);

        Assert.Equal("its response is not UTF-8", TokenReader.Read(new byte[] { (byte)'{', 0xFF, (byte)'}' }).Fault);
        Assert.NotNull(Read($$"""{"access_token":"abc","token_type":"Bearer","x":{{nested}}}""").Fault);
        Assert.NotNull(Read($$"""{"access_token":"{{new string('a', 16_385)}}","token_type":"Bearer"}""").Fault);
        Assert.Null(Read($$"""{"access_token":"{{new string('a', 16_384)}}","token_type":"Bearer"}""").Fault);
    }

    private static TokenReading Read(string body) => TokenReader.Read(Encoding.UTF8.GetBytes(body));
}
