using System.Globalization;
using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Faults;

/// <summary>Any failure of a call to the authorization server yields 503 in time, and never "invalid token".</summary>
public sealed class FaultTests(FaultsApi fixture) : IClassFixture<FaultsApi>
{
    /// <summary>Gets the names of the faults that are detected immediately.</summary>
    public static TheoryData<string> QuickFaults => [.. FaultyServer.Quick.Keys];

    /// <summary>Gets the names of the faults that end at the timeout.</summary>
    public static TheoryData<string> SlowFaults => [.. FaultyServer.Slow.Keys];

    private SampleApi Api => fixture.Api;

    private SocketServer Server => fixture.Server;

    [Theory]
    [MemberData(nameof(QuickFaults))]
    public async Task An_unusable_response_yields_503(string fault)
    {
        ApiResponse response = await Api.GetAsync("/read", fault);

        response.AssertUnavailable();
        Assert.Equal("application/problem+json", response.ContentType);
        Assert.NotEqual(0, Server.CallCount(fault));
    }

    [Theory]
    [MemberData(nameof(SlowFaults))]
    public async Task A_slow_response_yields_503_after_the_timeout(string fault)
    {
        ApiResponse response = await Api.GetAsync("/read", fault);

        response.AssertUnavailable();
        Assert.InRange(response.Elapsed, TimeSpan.FromSeconds(1.5), ApiResponse.Hang); // It waited for the timeout of 2 s.
        Assert.Equal(1, Server.CallCount(fault));
    }

    [Theory]
    [InlineData("500 Internal Server Error", "Retry-After: 7", "7")]
    [InlineData("502 Bad Gateway", "Retry-After: 7", "7")]
    [InlineData("503 Service Unavailable", "Retry-After: 120", "120")]
    [InlineData("429 Too Many Requests", "Retry-After: 7", "7")]
    [InlineData("429 Too Many Requests", "Retry-After: 0", "1")]
    [InlineData("429 Too Many Requests", "Retry-After: 300", "300")]
    [InlineData("429 Too Many Requests", "Retry-After: 301", "300")]
    [InlineData("429 Too Many Requests", "Retry-After: 99999999999999999999", "300")]
    [InlineData("429 Too Many Requests", "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT", "300")]
    [InlineData("429 Too Many Requests", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", "1")]
    [InlineData("429 Too Many Requests", "Retry-After: -5", "5")]
    [InlineData("429 Too Many Requests", "Retry-After: soon", "5")]
    [InlineData("429 Too Many Requests", "", "5")]
    public async Task Retry_After_is_forwarded_up_to_five_minutes(string status, string header, string retryAfter)
    {
        string token = Server.RespondToNewToken(exchange => exchange.WriteAsync(status, header));

        ApiResponse response = await Api.GetAsync("/read", token);

        response.AssertUnavailable(retryAfter);
    }

    [Fact]
    public async Task Retry_After_as_a_date_is_forwarded_as_seconds()
    {
        string date = TimeProvider.System.GetUtcNow().AddSeconds(120).ToString("R", CultureInfo.InvariantCulture);
        string token = Server.RespondToNewToken(exchange => exchange.WriteAsync("429 Too Many Requests", "Retry-After: " + date));

        ApiResponse response = await Api.GetAsync("/read", token);

        Assert.Equal((503, null), (response.Status, response.WwwAuthenticate));
        Assert.InRange(int.Parse(response.RetryAfter!, CultureInfo.InvariantCulture), 100, 120);
    }

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("303 See Other")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task A_redirect_is_not_followed(string status)
    {
        int followed = 0;
        await using KestrelServer target = await KestrelServer.StartAsync(async context =>
        {
            Interlocked.Increment(ref followed);
            await context.Response.WriteJsonAsync(FaultyServer.Active);
        });
        string elsewhere = Server.RespondToNewToken(exchange =>
            exchange.WriteAsync(status, $"Location: {target.Url}/introspect", FaultyServer.Active)
        );
        string itself = Server.RespondToNewToken(exchange => exchange.WriteAsync(status, $"Location: {Server.Url}/introspect"));

        ApiResponse toOther = await Api.GetAsync("/read", elsewhere);
        ApiResponse toItself = await Api.GetAsync("/read", itself);

        toOther.AssertUnavailable();
        toItself.AssertUnavailable();
        Assert.Equal((0, 1, 1), (followed, Server.CallCount(elsewhere), Server.CallCount(itself)));
    }

    [Fact]
    public async Task A_failure_is_not_cached()
    {
        int calls = 0;
        string token = Server.RespondToNewToken(exchange =>
            Interlocked.Increment(ref calls) == 1
                ? exchange.WriteAsync("500 Internal Server Error")
                : exchange.WriteJsonAsync(FaultyServer.Active)
        );

        ApiResponse first = await Api.GetAsync("/read", token);
        ApiResponse second = await Api.GetAsync("/read", token);

        Assert.Equal((503, 200), (first.Status, second.Status));
    }

    [Fact]
    public async Task A_failure_does_not_block_an_anonymous_endpoint()
    {
        ApiResponse response = await Api.GetAsync("/public", "500");

        Assert.Equal((200, null), (response.Status, response.RetryAfter));
    }

    [Fact]
    public async Task A_large_response_within_the_limit_is_read()
    {
        string padding = new('a', 262_144 - """{"active":true,"scope":"read","x":""}""".Length);
        string largest = Server.RespondToNewToken(exchange =>
            exchange.WriteJsonAsync($$"""{"active":true,"scope":"read","x":"{{padding}}"}""")
        );
        string tooLarge = Server.RespondToNewToken(exchange =>
            exchange.WriteJsonAsync($$"""{"active":true,"scope":"read","x":"{{padding}}a"}""")
        );

        Assert.Equal(200, (await Api.GetAsync("/read", largest)).Status);
        Assert.Equal(503, (await Api.GetAsync("/read", tooLarge)).Status);
    }

    [Fact]
    public async Task A_refused_connection_yields_503()
    {
        // Bound, so that no other process gets the port, but not listening.
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        Dictionary<string, string> settings = Server.Settings;
        settings["IntrospectionEndpoint"] = $"http://{socket.LocalEndPoint}/introspect";
        settings["Timeout"] = "2";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/read", "good");

        response.AssertUnavailable();
        await api.WaitForLogAsync("the authorization server cannot be reached");
    }

    [Fact]
    public async Task No_log_holds_a_token_or_the_secret()
    {
        string[] tokens = ["the-good-token-that-to-keep-secret", "the-bad-token-that-to-keep-secret", "the-token-of-a-broken-server"];
        Server.RespondTo(
            tokens[0],
            exchange => exchange.WriteJsonAsync("""{"active":true,"scope":"read","sub":"the-subject-that-to-keep-secret"}""")
        );
        Server.RespondTo(tokens[2], exchange => exchange.WriteAsync("500 Internal Server Error", "", "the-body-that-to-keep-secret"));

        foreach (string token in tokens)
            await Api.GetAsync("/read", token);
        await Api.GetAsync("/read", "the-malformed token-that-to-keep-secret");
        await Api.GetAsync("/end-of-the-log");

        await Api.WaitForLogAsync("/end-of-the-log");
        Assert.Contains("OAuthIntrospection", Api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("to-keep-secret", Api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("the-token-of-a-broken-server", Api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-api", Api.Log, StringComparison.Ordinal);
    }
}
