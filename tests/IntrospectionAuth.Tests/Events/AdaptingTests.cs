using System.Net;
using Example;
using IntrospectionAuth.Tests.Conventions;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Events;

/// <summary>The adapters of docs/adapting.md.</summary>
public sealed class AdaptingTests : BadDayTest
{
    [Fact]
    public void The_page_shows_the_tested_adapters()
    {
        string[] shown =
        [
            .. DocumentationTests.Blocks("docs/adapting.md", "csharp").Select(block => block.ReplaceLineEndings("\n").Trim()),
        ];

        Assert.All(
            Repository.SourceFiles("tests/IntrospectionAuth.Tests/Events/Adapters"),
            file => Assert.Contains(file.Text.ReplaceLineEndings("\n").Trim(), shown)
        );
    }

    [Theory]
    [InlineData(200, """{"client_id":"app","scope":["read"],"exp":1893456000}""", 200)]
    [InlineData(200, """{"client_id":"app","scope":"read","active":true}""", 200)]
    [InlineData(200, """{"client_id":"app","scope":"read","active":false}""", 401)]
    [InlineData(200, """{"client_id":"app","scope":"read","exp":1700000000}""", 401)]
    [InlineData(400, """{"error":"invalid_token","error_description":"Token was not recognised"}""", 401)]
    [InlineData(200, """{"client_id":"app","scope":"read","active":null}""", 503)]
    [InlineData(200, """{"client_id":"app","scope":"read","error":"server_error"}""", 503)]
    [InlineData(200, """{"client_id":"app","client_id":"other","scope":"read"}""", 503)]
    [InlineData(200, """{"client_id":null,"scope":"read"}""", 503)]
    [InlineData(200, """{"scope":"read"}""", 503)]
    [InlineData(200, "[]", 503)]
    [InlineData(200, "<html>", 503)]
    [InlineData(200, "", 503)]
    [InlineData(400, """{"error":"invalid_client"}""", 503)]
    [InlineData(400, """{"error":["invalid_token"]}""", 503)]
    [InlineData(500, """{"error":"invalid_token"}""", 503)]
    public async Task A_server_without_active_is_adapted(int status, string body, int expected)
    {
        await using TestApi api = await StartAsync(options => options.Events.OnResponseReceived = CheckTokenAdapter.AdaptAsync);
        Server.RespondWith(status, body);

        Assert.Equal(expected, (int)(await SendAsync(api, "the-presented-token")).Status);
    }

    [Theory]
    [InlineData("text/plain", 200)]
    [InlineData("text/plain;charset=UTF-8", 200)]
    [InlineData("Text/Plain", 200)]
    [InlineData("application/json", 200)]
    [InlineData("text/html", 503)]
    [InlineData(null, 503)]
    public async Task A_server_that_sends_text_is_adapted(string? contentType, int expected)
    {
        await using TestApi api = await StartAsync(options => options.Events.OnResponseReceived = PlainTextAdapter.AdaptAsync);
        Server.RespondWith(200, """{"active":true,"scope":"read"}""", contentType);

        Assert.Equal(expected, (int)(await SendAsync(api, "the-presented-token")).Status);
    }

    [Theory]
    [InlineData("""{"active":true,"scope":"read","exp":"2026-01-01T01:00:00Z"}""", 200)]
    [InlineData(
        """{"active":true,"scope":"read","exp":"Thu, 01 Jan 2026 01:00:00 GMT","nbf":"2025-12-31 23:00:00","iat":"2025-12-31"}""",
        200
    )]
    [InlineData("""{"active":true,"scope":"read","exp":0}""", 200)]
    [InlineData("""{"active":true,"scope":"read","exp":1767229200}""", 200)]
    [InlineData("""{"active":true,"scope":"read","exp":"2025-12-31T23:59:59Z"}""", 401)]
    [InlineData("""{"active":true,"scope":"read","nbf":"2026-01-01T01:00:00Z"}""", 401)]
    [InlineData("""{"active":false,"exp":0}""", 401)]
    [InlineData("""{"active":true,"scope":"read","exp":"soon"}""", 503)]
    [InlineData("""{"active":true,"scope":"read","exp":"2026-01-01T01:00:00Z","exp":0}""", 503)]
    [InlineData("[]", 503)]
    [InlineData("never", 503)]
    public async Task A_server_with_dates_as_text_is_adapted(string body, int expected)
    {
        await using TestApi api = await StartAsync(options => options.Events.OnResponseReceived = DateAdapter.AdaptAsync);
        Server.RespondWith(200, body);

        Assert.Equal(expected, (int)(await SendAsync(api, "the-presented-token")).Status);
    }

    [Fact]
    public async Task A_token_that_never_expires_is_cached_for_DefaultAge_and_one_with_a_text_date_until_that_date()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Events.OnResponseReceived = DateAdapter.AdaptAsync;
            options.Cache.DefaultAge = TimeSpan.FromMinutes(1);
        });
        Server.RespondWith(200, """{"active":true,"scope":"read","exp":0}""");
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, "never"));
        Server.RespondWith(200, """{"active":true,"scope":"read","exp":"2026-01-01T00:04:00Z"}""");
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, "words"));

        Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal((HttpStatusCode.OK, 0), await SendAsync(api, "words"));
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, "never"));
        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(api, "words")).Status);
    }
}
