using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.BadDays;

/// <summary>A server that answers, but not what it should: nothing is held back, for its next answer may be right.</summary>
public sealed class WrongResponseTests(BadDaysApi fixture, ITestOutputHelper output) : IClassFixture<BadDaysApi>
{
    private const string Json = "Content-Type: application/json";

    private static readonly Dictionary<string, Func<Exchange, Task>> s_answering = new(StringComparer.Ordinal)
    {
        ["garbage"] = exchange => exchange.WriteAsync("200 OK", Json, "{\"active\":true,"),
        ["a login page"] = exchange => exchange.WriteAsync("200 OK", "Content-Type: text/html", "<html>Please log in</html>"),
        ["429"] = exchange => exchange.WriteAsync("429 Too Many Requests"),
        ["404"] = exchange => exchange.WriteAsync("404 Not Found"),
        ["refused credentials"] = exchange => exchange.WriteAsync("401 Unauthorized", Json, """{"error":"invalid_client"}"""),
    };

    /// <summary>Gets the faults of a server that works, and whose next answer may be right.</summary>
    public static TheoryData<string> RespondingServers => [.. s_answering.Keys];

    private SocketServer Server => fixture.Server;

    [Theory]
    [MemberData(nameof(RespondingServers))]
    public async Task A_server_that_answers_wrongly_is_believed_as_soon_as_it_answers_rightly(string fault)
    {
        string token = Server.RespondAnew(exchange => exchange.WriteJsonAsync(BadDaysApi.Active));
        BadDay day = fixture.Day;
        Server.Mood = s_answering[fault];

        for (int i = 0; i < 15; i++)
            await day.FailAsync();
        await day.AssertKeptAnswersServeAsync();

        Server.Mood = null;
        TimeSpan recovery = await day.RecoverAsync(token, TimeSpan.Zero);

        output.WriteLine($"{fault}: recovery {recovery.TotalMilliseconds:F0} ms");
    }
}
