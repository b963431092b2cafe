using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Introspection;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tokens;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>
/// When the server refuses this API's own credentials, an operator must see it once, and callers must not lose their tokens.
/// </summary>
public sealed class RefusedCredentialsTests : BadDayTest
{
    [Theory]
    [InlineData(400, "invalid_client")]
    [InlineData(400, "unauthorized_client")]
    [InlineData(400, "access_denied")]
    [InlineData(401, "invalid_client")]
    [InlineData(401, "invalid_request")]
    [InlineData(403, "access_denied")]
    public async Task Twenty_requests_get_503_and_one_error_names_scheme_status_and_code(int status, string code)
    {
        await using TestApi api = await StartAsync();
        Refuse(status, code);

        await AskTimesAsync(api, 20, HttpStatusCode.ServiceUnavailable);

        LogEntry entry = Assert.Single(Errors(api));
        Assert.Equal((1005, LogLevel.Error), (entry.Event.Id, entry.Level));
        Assert.Contains(
            $"Scheme OAuthIntrospection: the authorization server responded with {status}, error code {code}:",
            entry.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Requests_succeed_as_soon_as_the_credentials_are_correct()
    {
        await using TestApi api = await StartAsync();
        Refuse(401, "invalid_client");
        await AskTimesAsync(api, 50, HttpStatusCode.ServiceUnavailable);

        Server.ResetBehavior();

        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api));
    }

    [Fact]
    public async Task Another_refusal_is_logged_a_minute_later()
    {
        await using TestApi api = await StartAsync();
        Refuse(401, "invalid_client");
        await SendAsync(api);
        Refuse(403, "access_denied");

        await AskTimesAsync(api, 3, HttpStatusCode.ServiceUnavailable);
        Assert.Single(Errors(api));
        Time.Advance(TimeSpan.FromMinutes(1));
        await AskTimesAsync(api, 3, HttpStatusCode.ServiceUnavailable);

        Assert.Equal(2, Errors(api).Count);
        Assert.Contains("403, error code access_denied", Errors(api)[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_refusal_is_logged_only_once()
    {
        await using TestApi api = await StartAsync();
        Refuse(401, "invalid_client");

        for (int i = 0; i < 10; i++)
        {
            await SendAsync(api);
            Time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Single(Errors(api));
    }

    [Fact]
    public async Task After_a_success_a_refusal_is_logged_again_at_most_once_a_minute()
    {
        await using TestApi api = await StartAsync();
        for (int i = 0; i < 61; i++)
        {
            Refuse(401, "invalid_client");
            await SendAsync(api);
            Server.ResetBehavior();
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(api)).Status);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, Errors(api).Count);
    }

    [Fact]
    public async Task Concurrent_refusals_are_logged_once()
    {
        await using TestApi api = await StartAsync();
        Refuse(401, "invalid_client");
        using HeldResponses held = Server.HoldResponses();

        Task<(HttpStatusCode, int)>[] requests = [.. Enumerable.Range(0, 50).Select(_ => SendAsync(api))];
        await held.WaitForCallsAsync(50);
        held.Release();
        await Task.WhenAll(requests);

        Assert.Single(Errors(api));
    }

    [Theory]
    [InlineData("""{"error":"tokentokentoken"}""")]
    [InlineData("""{"error":"TOKEN"}""")]
    [InlineData("""{"error":"invalid_tokentokentoken"}""")]
    [InlineData("""{"error":"the_secret_of_the_api"}""")]
    [InlineData("""{"error":"bad_the_secret_of_the_api"}""")]
    [InlineData("""{"error":"the_secret_of"}""")]
    [InlineData("""{"error":"a sentence about a user"}""")]
    [InlineData("""{"error":{"code":"invalid_client"}}""")]
    [InlineData("")]
    [InlineData("<html>")]
    public async Task An_invalid_error_code_or_one_that_repeats_a_secret_is_not_logged(string body)
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.ClientSecret = "the_secret_of_the_api";
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretPost;
        });
        Server.RespondWith(401, body);

        await SendAsync(api, "tokentokentoken");

        Assert.Contains("responded with 401, error code none", Assert.Single(Errors(api)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_code_that_repeats_part_of_a_client_assertion_is_not_logged()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.ClientSecret = "a secret that is long enough for HS256";
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretJwt;
            options.ClientAssertionAudience = "https://auth.example.com";
        });
        Server.RespondWith(401, """{"error":"eyjhbgcioijiuzi"}"""); // as every assertion with HS256 begins, in lower case

        await SendAsync(api);

        Assert.Contains("responded with 401, error code none", Assert.Single(Errors(api)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_code_that_repeats_the_APIs_credential_is_not_logged()
    {
        await using TestApi api = await StartAsync(options =>
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ => new ValueTask<string>(
                "credential_of_the_api"
            ))
        );
        Server.RespondWith(401, """{"error":"unknown_credential_of_the_api"}""");

        await SendAsync(api);

        Assert.Contains("responded with 401, error code none", Assert.Single(Errors(api)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_presented_token_no_refusal_concerns_the_APIs_credentials()
    {
        await using TestApi api = await StartAsync(options =>
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.PresentedToken
        );
        Refuse(401, "invalid_token");

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(api)).Status);

        Assert.Empty(Errors(api));
    }

    [Theory]
    [InlineData(400, "invalid_request")]
    [InlineData(400, "invalid_token")]
    [InlineData(401, "invalid_token")]
    [InlineData(401, "unsupported_token_type")]
    [InlineData(403, "invalid_token")]
    [InlineData(403, "invalid_request")]
    public async Task An_error_code_about_the_token_or_request_is_no_refusal_of_the_credentials(int status, string code)
    {
        await using TestApi api = await VerdictTests.StartWithHealthAsync(Server, Time);
        Refuse(status, code);

        await AskTimesAsync(api, 20, HttpStatusCode.ServiceUnavailable);
        Server.ResetBehavior();

        LogEntry entry = Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning);
        Assert.Equal(("UnexpectedStatus", LogLevel.Warning), (entry.Event.Name, entry.Level));
        Assert.Contains(
            $"responded with {status}, error code {code}, which says nothing about the token. Look at the log of the authorization server",
            entry.Text,
            StringComparison.Ordinal
        );
        Assert.Contains("If the server responds to unknown tokens in this way, add the status", entry.Text, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await VerdictTests.CheckAsync(api)).Status);
    }

    [Theory]
    [InlineData(400, "invalid_token", "invalid_token")]
    [InlineData(401, "invalid_token", "token")]
    [InlineData(403, "invalid_request", "request")]
    public async Task A_caller_whose_token_repeats_an_error_code_does_not_turn_it_into_a_refusal(int status, string code, string token)
    {
        await using TestApi api = await VerdictTests.StartWithHealthAsync(Server, Time);
        Refuse(status, code);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api, token));
        Server.ResetBehavior();

        Assert.Equal("UnexpectedStatus", Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning).Event.Name);
        Assert.Equal(HealthStatus.Healthy, (await VerdictTests.CheckAsync(api)).Status);
    }

    [Fact]
    public async Task Invalid_token_is_a_refusal_when_the_API_sent_its_own_bearer_token()
    {
        await using TestApi api = await StartAsync(options =>
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ => new ValueTask<string>(
                "credential-of-the-api"
            ))
        );
        Refuse(401, "invalid_token");

        await SendAsync(api);

        Assert.Contains(
            "responded with 401, error code invalid_token: it refuses this API's credentials",
            Assert.Single(Errors(api)).Text,
            StringComparison.Ordinal
        );
        Assert.Contains("Check whether the token of this API may introspect", Assert.Single(Errors(api)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_400_without_a_known_error_code_is_a_refusal_until_the_server_has_accepted_the_credentials()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(400);
        await SendAsync(api);
        Assert.Equal("CredentialsRefused", Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning).Event.Name);

        Server.ResetBehavior();
        await SendAsync(api);
        Server.RespondWith(400);
        Time.Advance(TimeSpan.FromMinutes(1));
        await AskTimesAsync(api, 20, HttpStatusCode.ServiceUnavailable);

        Assert.Equal(
            ["CredentialsRefused", "UnexpectedStatus"],
            api.Log.Entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Event.Name)
        );
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task No_stale_response_serves_after_400_401_or_403(int status)
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Cache.MaximumAge = TimeSpan.FromSeconds(10);
            options.Cache.StaleIfUnavailable = TimeSpan.FromHours(1);
        });
        string token = Server.IssueToken("read");
        await SendAsync(api, token);
        Refuse(status, "invalid_token");

        Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(api, token)).Status);
    }

    private static List<LogEntry> Errors(TestApi api) => [.. api.Log.Entries.Where(entry => entry.Level >= LogLevel.Error)];

    private void Refuse(int status, string code) => Server.RespondWith(status, $$"""{"error":"{{code}}"}""");
}
