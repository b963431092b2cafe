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
    [InlineData("""{"error":"unsupported_token_type"}""", "unsupported_token_type")]
    [InlineData("""{"error":"invalid_client", and then it is cut off""", "invalid_client")]
    [InlineData("""{"error":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_code_in_the_format_of_the_RFCs_is_read(string body, string code) =>
        Assert.Equal(code, await ReadAsync(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""[{"error":"invalid_client"}]""")]
    [InlineData("""["error","invalid_client"]""")]
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
    [InlineData("invalid_grant", "grant")]
    [InlineData("unsupported_grant_type", "unsupported")]
    [InlineData("invalid_scope", "scope")]
    [InlineData("insufficient_scope", "insufficient_scope")]
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

    [Fact]
    public async Task An_empty_code_is_ignored_although_there_is_no_secret()
    {
        using var content = new StringContent("""{"error":""}""");

        Assert.Null((await ErrorCodeReader.ReadAsync(content, int.MaxValue, [null, ""], CancellationToken.None)).Code);
    }

    [Theory]
    [InlineData(4096, "invalid_client")]
    [InlineData(4097, null)]
    public async Task A_code_is_read_if_it_ends_within_the_first_4096_bytes(int end, string? code)
    {
        const string Start = "{\"x\":\"",
            End = "\",\"error\":\"invalid_client\"";
        string body = Start + new string('a', end - Start.Length - End.Length) + End;

        Assert.Equal(code, await ReadAsync(Encoding.UTF8.GetBytes(body)));
    }

    [Theory]
    [InlineData(4096, 4096, true)]
    [InlineData(4096, 10_000, true)]
    [InlineData(4097, 10_000, false)]
    [InlineData(50, 50, true)]
    [InlineData(51, 50, false)]
    public async Task A_verdict_counts_only_if_the_whole_body_is_within_both_limits(int length, int maximum, bool rejects)
    {
        string body = """{"error":"unsupported_token_type"}""".PadRight(length);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        ErrorResponse error = await ErrorCodeReader.ReadAsync(content, maximum, [Token], CancellationToken.None);

        Assert.Equal(("unsupported_token_type", rejects), (error.Code, error.RejectsTokenType));
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task A_body_that_cannot_be_read_has_no_code(Type exception)
    {
        using var content = new UnreadableContent(Task.FromException<int>((Exception)Activator.CreateInstance(exception)!));

        Assert.Equal(default, await ReadAsync(content, CancellationToken.None));
    }

    [Fact]
    public async Task A_body_that_never_ends_and_ignores_cancellation_has_no_code_after_the_timeout()
    {
        using var content = new UnreadableContent(new TaskCompletionSource<int>().Task);

        Task<ErrorResponse> reading = ReadAsync(content, new CancellationToken(canceled: true));

        Assert.True(reading.IsCompleted);
        Assert.Equal(default, await reading);
    }

    private static async Task<ErrorResponse> ReadAsync(HttpContent content, CancellationToken timeout)
    {
        using var message = new HttpRequestMessage();
        return await ErrorCodeReader.ReadAsync(
            new ClientAuthenticationContext
            {
                Request = message,
                Parameters = new Dictionary<string, string>(StringComparer.Ordinal),
                CancellationToken = timeout,
                IntrospectionScheme = new("scheme", new OAuthIntrospectionOptions()),
            },
            content
        );
    }

    private static async Task<string?> ReadAsync(byte[] body, string secret = Secret)
    {
        using var content = new ByteArrayContent(body);
        return (await ErrorCodeReader.ReadAsync(content, int.MaxValue, [Token, secret], CancellationToken.None)).Code;
    }

    /// <summary>A body whose stream ends as the task does, regardless of cancellation.</summary>
    private sealed class UnreadableContent(Task<int> end) : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new UnreadableStream(end));

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => end;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class UnreadableStream(Task<int> end) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(end);
    }
}
