using System.Net;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Introspection;

/// <summary>What the log says about calls of the introspection endpoint.</summary>
public sealed class IntrospectionLogTests : BadDayTest
{
    [Theory]
    [InlineData(200, """{"active":true}""", "active")]
    [InlineData(200, """{"active":false}""", "inactive")]
    [InlineData(500, "", "unavailable")]
    public async Task Every_call_is_logged_at_Debug_with_its_outcome_and_duration(int status, string body, string outcome)
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(context =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(40));
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body)).AsTask();
        });

        await SendAsync(api);

        LogEntry entry = Assert.Single(api.Log.Entries, entry => entry.Event.Name == "Introspected");
        Assert.Equal((1001, LogLevel.Debug), (entry.Event.Id, entry.Level));
        Assert.Contains($"introspected the token; outcome {outcome} after 40 ms.", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_an_Error_with_the_cause_and_what_to_check()
    {
        await using TestApi api = await StartAsync(options => options.Resilience.Retries = 0);
        Server.Disconnect();

        await AskTimesAsync(api, 3, HttpStatusCode.ServiceUnavailable);

        LogEntry entry = Assert.Single(api.Log.Entries, entry => entry.Event.Name == "Unreachable");
        Assert.Equal((1003, LogLevel.Error), (entry.Event.Id, entry.Level));
        Assert.Contains("the authorization server cannot be reached: ", entry.Text, StringComparison.Ordinal);
        Assert.Contains("Check that the authorization server runs", entry.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(299, false)]
    [InlineData(300, true)]
    [InlineData(308, true)]
    [InlineData(399, true)]
    [InlineData(400, false)]
    [InlineData(500, false)]
    public async Task Only_for_a_redirect_the_log_says_where_it_leads(int status, bool isRedirect)
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(status, """{"error":"invalid_token"}""", headers: [new("Location", "/login?return=x")]);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api));

        string text = Assert.Single(api.Log.Entries, entry => entry.Event.Name == "UnexpectedStatus").Text;
        Assert.Contains($"responded with {status}", text, StringComparison.Ordinal);
        Assert.Equal(isRedirect, text.Contains($", a redirect to {new Uri(Server.BaseAddress, "login")},", StringComparison.Ordinal));
        Assert.Equal(isRedirect, text.Contains("a redirect to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_URL_of_a_redirect_that_repeats_the_token_is_not_logged()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(302, headers: [new("Location", "/login/opaque-4711-0815")]);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api, "opaque-4711-0815"));

        Assert.Equal(1, api.Log.Count("UnexpectedStatus"));
        Assert.DoesNotContain("a redirect to", api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(418)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task The_error_code_of_another_status_than_400_401_and_403_says_nothing_about_the_credentials(int status)
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(status, """{"error":"invalid_client"}""");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api));

        LogEntry entry = Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning);
        Assert.Equal("UnexpectedStatus", entry.Event.Name);
        Assert.DoesNotContain("invalid_client", entry.Text, StringComparison.Ordinal);
    }
}
