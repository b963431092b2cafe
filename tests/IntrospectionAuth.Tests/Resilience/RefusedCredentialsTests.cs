using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>When the server refuses this API's own credentials, an operator must see it once, and callers must not lose their tokens.</summary>
public sealed class RefusedCredentialsTests : BadDayTest
{
    [Theory]
    [InlineData(400, "invalid_request")]
    [InlineData(401, "invalid_client")]
    [InlineData(403, "access_denied")]
    public async Task Twenty_requests_are_503_and_one_error_names_scheme_status_and_code(int status, string code)
    {
        await using TestApi api = await StartAsync();
        Refuse(status, code);

        await AskTimesAsync(api, 20, HttpStatusCode.ServiceUnavailable);

        LogEntry entry = Assert.Single(Errors(api));
        Assert.Equal((5, LogLevel.Error), (entry.Event.Id, entry.Level));
        Assert.Contains($"Scheme OAuthIntrospection: the authorization server answered {status}, error code {code}:", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_succeed_as_soon_as_the_credentials_are_right()
    {
        await using TestApi api = await StartAsync();
        Refuse(401, "invalid_client");
        await AskTimesAsync(api, 50, HttpStatusCode.ServiceUnavailable);

        Server.ResetBehavior();

        Assert.Equal((HttpStatusCode.OK, 1), await AskAsync(api));
    }

    [Fact]
    public async Task Another_refusal_is_said_again_a_minute_later()
    {
        await using TestApi api = await StartAsync();
        Refuse(401, "invalid_client");
        await AskAsync(api);
        Refuse(403, "access_denied");

        await AskTimesAsync(api, 3, HttpStatusCode.ServiceUnavailable);
        Assert.Single(Errors(api));
        Time.Advance(TimeSpan.FromMinutes(1));
        await AskTimesAsync(api, 3, HttpStatusCode.ServiceUnavailable);

        Assert.Equal(2, Errors(api).Count);
        Assert.Contains("403, error code access_denied", Errors(api)[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_refusal_is_not_said_again_however_long_it_lasts()
    {
        await using TestApi api = await StartAsync();
        Refuse(401, "invalid_client");

        for (int i = 0; i < 10; i++)
        {
            await AskAsync(api);
            Time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Single(Errors(api));
    }

    [Fact]
    public async Task After_a_success_a_refusal_begins_anew_but_is_said_at_most_once_a_minute()
    {
        await using TestApi api = await StartAsync();
        for (int i = 0; i < 61; i++)
        {
            Refuse(400, "invalid_request");
            await AskAsync(api);
            Server.ResetBehavior();
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(api)).Status);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, Errors(api).Count);
    }

    [Fact]
    public async Task Refusals_at_the_same_time_are_said_once()
    {
        await using TestApi api = await StartAsync();
        Refuse(401, "invalid_client");
        using HeldAnswers held = Server.HoldAnswers();

        Task<(HttpStatusCode, int)>[] requests = [.. Enumerable.Range(0, 50).Select(_ => AskAsync(api))];
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
    [InlineData("""{"error":"a sentence about somebody"}""")]
    [InlineData("""{"error":{"code":"invalid_client"}}""")]
    [InlineData("")]
    [InlineData("<html>")]
    public async Task A_code_that_is_none_or_repeats_a_secret_is_not_logged(string body)
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.ClientSecret = "the_secret_of_the_api";
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretPost;
        });
        Server.AnswerWith(401, body);

        await AskAsync(api, "tokentokentoken");

        Assert.Contains("answered 401, error code none", Assert.Single(Errors(api)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_repeats_a_part_of_a_client_assertion_is_not_logged()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.ClientSecret = "a secret that is long enough for HS256";
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretJwt;
            options.ClientAssertionAudience = "https://auth.example.com";
        });
        Server.AnswerWith(401, """{"error":"eyjhbgcioijiuzi"}"""); // as every assertion with HS256 begins, in lower case

        await AskAsync(api);

        Assert.Contains("answered 401, error code none", Assert.Single(Errors(api)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_repeats_a_credential_of_ones_own_is_not_logged()
    {
        await using TestApi api = await StartAsync(options =>
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ => new ValueTask<string>("credential_of_the_api")));
        Server.AnswerWith(401, """{"error":"unknown_credential_of_the_api"}""");

        await AskAsync(api);

        Assert.Contains("answered 401, error code none", Assert.Single(Errors(api)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_token_is_the_credential_no_refusal_is_this_APIs()
    {
        await using TestApi api = await StartAsync(options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.PresentedToken);
        Refuse(401, "invalid_token");

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(api)).Status);

        Assert.Empty(Errors(api));
    }

    private static List<LogEntry> Errors(TestApi api) => [.. api.Log.Entries.Where(entry => entry.Level >= LogLevel.Error)];

    private void Refuse(int status, string code) => Server.AnswerWith(status, $$"""{"error":"{{code}}"}""");
}
