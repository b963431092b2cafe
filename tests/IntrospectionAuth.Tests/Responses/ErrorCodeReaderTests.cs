using System.Text;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Tests.Responses;

public sealed class ErrorCodeReaderTests
{
    private const string Token = "abcdefghijklmnop.QRSTUVWXYZ";
    private const string Secret = "open_sesame";

    [Theory]
    [InlineData("""{"error":"invalid_client"}""", "invalid_client")]
    [InlineData("""{"error":"invalid_client","error_description":"The secret of a user"}""", "invalid_client")]
    [InlineData("""{"error_description":"x","nested":{"error":"other"},"error":"unauthorized_client"}""", "unauthorized_client")]
    [InlineData(""" { "error" : "bad" } """, "bad")]
    [InlineData("""{"error":"invalid_client","error":"second"}""", "invalid_client")]
    [InlineData("""{"error":"invalid_client", and then it is cut off""", "invalid_client")]
    [InlineData("""{"error":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_code_in_the_format_of_the_RFCs_is_read(string body, string code) =>
        Assert.Equal(code, await ReadAsync(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"invalid_client\"")]
    [InlineData("<html>invalid_client</html>")]
    [InlineData("""{"error""")]
    [InlineData("""{"error":""")]
    [InlineData("""{"error":"invalid_cl""")]
    [InlineData("""{"error":""}""")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":1}""")]
    [InlineData("""{"error":["invalid_client"]}""")]
    [InlineData("""{"error":{"code":"invalid_client"}}""")]
    [InlineData("""{"Error":"invalid_client"}""")]
    [InlineData("""{"error":"Invalid_Client"}""")]
    [InlineData("""{"error":"invalid client"}""")]
    [InlineData("""{"error":"invalid-client"}""")]
    [InlineData("""{"error":"invalid_client\r\nfail: forged line"}""")]
    [InlineData("""{"error":"\u001b[31m"}""")]
    [InlineData("""{"error":"\ud800"}""")]
    [InlineData("""{"error":"ïnvalid"}""")]
    [InlineData("""{"error":"4711"}""")]
    [InlineData("""{"error":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    public async Task Any_other_value_is_ignored(string body) => Assert.Null(await ReadAsync(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("abcdefghijklmnop")]
    [InlineData("defgh")]
    [InlineData("qrstuvwxyz")]
    [InlineData("invalid_abcdefghijk")]
    [InlineData("open_sesame")]
    [InlineData("invalid_open_sesame")]
    [InlineData("sesame")]
    public async Task A_code_that_repeats_the_token_or_a_secret_is_ignored(string code) =>
        Assert.Null(await ReadAsync(Encoding.UTF8.GetBytes($$"""{"error":"{{code}}"}""")));

    [Theory]
    [InlineData("invalid_client", "client")]
    [InlineData("unauthorized_client", "unauthorized_client_of_the_api")]
    [InlineData("invalid_request", "request")]
    [InlineData("invalid_token", "INVALID_TOKEN")]
    [InlineData("unsupported_token_type", "t")]
    public async Task A_code_of_the_RFCs_is_read_although_it_repeats_the_token_or_a_secret(string code, string secret) =>
        Assert.Equal(code, await ReadAsync(Encoding.UTF8.GetBytes($$"""{"error":"{{code}}"}"""), secret));

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_ignored() =>
        Assert.Null(await ReadAsync([.. "{\"error\":\""u8, 0xFF, 0xFE, .. "\"}"u8]));

    [Fact]
    public async Task Only_the_start_of_a_large_body_is_read()
    {
        Assert.Equal(
            "invalid_client",
            await ReadAsync(Encoding.UTF8.GetBytes("""{"error":"invalid_client","x":""" + new string('[', 1_000_000)))
        );
        Assert.Null(await ReadAsync(Encoding.UTF8.GetBytes($$"""{"x":"{{new string('a', 5000)}}","error":"invalid_client"}""")));
        Assert.Null(await ReadAsync(Encoding.UTF8.GetBytes(new string('[', 1_000_000))));
    }

    private static async Task<string?> ReadAsync(byte[] body, string secret = Secret)
    {
        using var content = new ByteArrayContent(body);
        return (await ErrorCodeReader.ReadAsync(content, int.MaxValue, [Token, secret], CancellationToken.None)).Code;
    }
}
