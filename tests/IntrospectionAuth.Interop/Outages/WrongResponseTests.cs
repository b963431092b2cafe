using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Outages;

/// <summary>After an invalid response the handler does not back off, because the next response may be valid.</summary>
public sealed class WrongResponseTests(OutageApi fixture, ITestOutputHelper output) : IClassFixture<OutageApi>
{
    private const string Json = "Content-Type: application/json";

    private static readonly Dictionary<string, Func<Exchange, Task>> s_invalidResponses = new(StringComparer.Ordinal)
    {
        ["garbage"] = exchange => exchange.WriteAsync("200 OK", Json, "{\"active\":true,"),
        ["a login page"] = exchange => exchange.WriteAsync("200 OK", "Content-Type: text/html", "<html>Please log in</html>"),
        ["429"] = exchange => exchange.WriteAsync("429 Too Many Requests"),
        ["404"] = exchange => exchange.WriteAsync("404 Not Found"),
        ["refused credentials"] = exchange => exchange.WriteAsync("401 Unauthorized", Json, """{"error":"invalid_client"}"""),
    };

    /// <summary>Gets the names of invalid responses after which the next response may be valid.</summary>
    public static TheoryData<string> InvalidResponses => [.. s_invalidResponses.Keys];

    private SocketServer Server => fixture.Server;

    [Theory]
    [MemberData(nameof(InvalidResponses))]
    public async Task A_valid_response_is_accepted_immediately_after_invalid_ones(string fault)
    {
        string token = Server.RespondToNewToken(exchange => exchange.WriteJsonAsync(OutageApi.Active));
        Outage day = fixture.Day;
        Server.Behavior = s_invalidResponses[fault];

        for (int i = 0; i < 15; i++)
            await day.FirstRequestFailsAsync();
        await day.AssertCachedResponsesServeAsync();

        Server.Behavior = null;
        TimeSpan recovery = await day.RecoverAsync(token);

        output.WriteLine($"{fault}: recovery {recovery.TotalMilliseconds:F0} ms");
    }
}
