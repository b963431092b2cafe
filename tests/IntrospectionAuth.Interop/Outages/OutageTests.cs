using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Outages;

/// <summary>One process recovers from every kind of outage without a restart.</summary>
public sealed class OutageTests(OutageApi fixture, ITestOutputHelper output) : IClassFixture<OutageApi>
{
    private const string Json = "Content-Type: application/json";

    private static readonly Dictionary<string, Func<Exchange, Task>?> s_failures = new(StringComparer.Ordinal)
    {
        ["refused"] = null, // no listener
        ["reset"] = exchange => exchange.ResetAsync(),
        ["closed"] = _ => Task.CompletedTask,
        ["cut"] = exchange => exchange.WriteRawAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: 500\r\n\r\n{OutageApi.Active}"),
        ["hang"] = exchange => exchange.HangAsync(),
        ["slow drip of headers"] = exchange =>
            exchange.DripAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: {OutageApi.Active.Length}\r\n\r\n{OutageApi.Active}"),
        ["slow drip of the body"] = async exchange =>
        {
            await exchange.WriteRawAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: {OutageApi.Active.Length}\r\n\r\n");
            await exchange.DripAsync(OutageApi.Active);
        },
        ["not HTTP"] = exchange => exchange.WriteRawAsync("220 mail.example.com ESMTP\r\n"),
        ["500"] = exchange => exchange.WriteAsync("500 Internal Server Error"),
        ["502"] = exchange => exchange.WriteAsync("502 Bad Gateway", "Content-Type: text/html", "<html>Bad gateway</html>"),
        ["503"] = exchange => exchange.WriteAsync("503 Service Unavailable"),
        ["504"] = exchange => exchange.WriteAsync("504 Gateway Timeout"),
        ["429 with Retry-After"] = exchange => exchange.WriteAsync("429 Too Many Requests", "Retry-After: 2"),
        ["503 with Retry-After"] = exchange => exchange.WriteAsync("503 Service Unavailable", "Retry-After: 2"),
    };

    /// <summary>Gets the names of the failures after which the handler backs off.</summary>
    public static TheoryData<string> Failures => [.. s_failures.Keys];

    private SocketServer Server => fixture.Server;

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task The_handler_backs_off_from_a_failing_server_and_recovers_within_one_pause(string fault)
    {
        string token = Server.RespondToNewToken(exchange => exchange.WriteJsonAsync(OutageApi.Active));
        Outage day = fixture.Day;
        if ((Server.Behavior = s_failures[fault]) is null)
            Server.Close();

        TimeSpan first = await day.FirstRequestFailsAsync();
        TimeSpan further = await day.WaitForBackOffAsync(receivesCalls: Server.Behavior is not null);
        await day.AssertCachedResponsesServeAsync();

        if (Server.Behavior is null)
            Server.Reopen();
        Server.Behavior = null;
        TimeSpan recovery = await day.RecoverAsync(token);

        output.WriteLine(
            $"{fault}: first {first.TotalMilliseconds:F0} ms, further at most {further.TotalMilliseconds:F1} ms, "
                + $"recovery {recovery.TotalMilliseconds:F0} ms"
        );
    }

    [Fact]
    public async Task A_connection_that_breaks_once_is_retried_without_the_callers_notice()
    {
        int calls = 0;
        string token = Server.RespondToNewToken(exchange =>
            Interlocked.Increment(ref calls) == 1 ? exchange.ResetAsync() : exchange.WriteJsonAsync(OutageApi.Active)
        );

        await fixture.Day.RecoverAsync(token);

        Assert.Equal(2, calls);
    }
}
