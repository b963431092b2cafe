using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.BadDays;

/// <summary>One process lives through every kind of bad day, and recovers from each without a restart.</summary>
public sealed class BadDayTests(BadDaysApi fixture, ITestOutputHelper output) : IClassFixture<BadDaysApi>
{
    private const string Json = "Content-Type: application/json";

    private static readonly Dictionary<string, Func<Exchange, Task>?> s_failing = new(StringComparer.Ordinal)
    {
        ["refused"] = null, // nobody listens
        ["reset"] = exchange => exchange.ResetAsync(),
        ["closed"] = _ => Task.CompletedTask,
        ["cut"] = exchange => exchange.WriteRawAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: 500\r\n\r\n{BadDaysApi.Active}"),
        ["hang"] = exchange => exchange.HangAsync(),
        ["slow drip of headers"] = exchange =>
            exchange.DripAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: {BadDaysApi.Active.Length}\r\n\r\n{BadDaysApi.Active}"),
        ["slow drip of the body"] = async exchange =>
        {
            await exchange.WriteRawAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: {BadDaysApi.Active.Length}\r\n\r\n");
            await exchange.DripAsync(BadDaysApi.Active);
        },
        ["not HTTP"] = exchange => exchange.WriteRawAsync("220 mail.example.com ESMTP\r\n"),
        ["500"] = exchange => exchange.WriteAsync("500 Internal Server Error"),
        ["502"] = exchange => exchange.WriteAsync("502 Bad Gateway", "Content-Type: text/html", "<html>Bad gateway</html>"),
        ["503"] = exchange => exchange.WriteAsync("503 Service Unavailable"),
        ["504"] = exchange => exchange.WriteAsync("504 Gateway Timeout"),
        ["429 with Retry-After"] = exchange => exchange.WriteAsync("429 Too Many Requests", "Retry-After: 2"),
        ["503 with Retry-After"] = exchange => exchange.WriteAsync("503 Service Unavailable", "Retry-After: 2"),
    };

    /// <summary>Gets the faults of a server that had better be left alone.</summary>
    public static TheoryData<string> FailingServers => [.. s_failing.Keys];

    private SocketServer Server => fixture.Server;

    [Theory]
    [MemberData(nameof(FailingServers))]
    public async Task A_server_that_fails_is_left_alone_and_found_again_within_a_pause(string fault)
    {
        string token = Server.RespondAnew(exchange => exchange.WriteJsonAsync(BadDaysApi.Active));
        BadDay day = fixture.Day;
        if ((Server.Mood = s_failing[fault]) is null)
            Server.Close();

        TimeSpan first = await day.FailAsync();
        TimeSpan further = await day.RequestBackOffAsync(isListening: Server.Mood is not null);
        await day.AssertKeptAnswersServeAsync();

        if (Server.Mood is null)
            Server.Reopen();
        Server.Mood = null;
        TimeSpan recovery = await day.RecoverAsync(token, BadDay.Pause);

        output.WriteLine(
            $"{fault}: first {first.TotalMilliseconds:F0} ms, further at most {further.TotalMilliseconds:F1} ms, recovery {recovery.TotalMilliseconds:F0} ms"
        );
    }

    [Fact]
    public async Task A_connection_that_breaks_once_is_noticed_by_nobody()
    {
        int calls = 0;
        string token = Server.RespondAnew(exchange =>
            Interlocked.Increment(ref calls) == 1 ? exchange.ResetAsync() : exchange.WriteJsonAsync(BadDaysApi.Active)
        );

        await fixture.Day.RecoverAsync(token, TimeSpan.Zero);

        Assert.Equal(2, calls);
    }
}
