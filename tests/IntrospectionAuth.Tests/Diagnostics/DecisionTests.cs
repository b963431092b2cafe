using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>What the log of decisions has about a request.</summary>
public sealed class DecisionTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly ManualTimeProvider _time = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_decision_names_the_request_the_call_and_the_final_status()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken("read");

        Decision decision = await SendAsync(api, "/read?secret=x", token);

        Assert.Equal(
            ("GET", "/read", OAuthIntrospectionDefaults.AuthenticationScheme, DecisionOutcome.Accepted, 200, ResponseSource.Call),
            (decision.Method, decision.Path, decision.Scheme, decision.Outcome, decision.StatusCode, decision.Source)
        );
        Assert.Contains("/read", decision.Endpoint, StringComparison.Ordinal);
        Exchange exchange = Assert.Single(decision.Exchanges);
        Assert.Equal((200, "active", "client_secret_basic"), (exchange.StatusCode, exchange.Outcome, exchange.ClientAuthenticationMethod));
        Assert.Equal(_server.IntrospectionEndpoint, exchange.Url);
        Assert.Contains("\"scope\": \"read\"", exchange.Body, StringComparison.Ordinal);
        Assert.Null(decision.Remedy);
    }

    [Fact]
    public async Task A_fingerprint_is_the_same_for_the_same_token_and_no_part_of_it()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken("read");

        string? first = (await SendAsync(api, "/read", token)).Fingerprint;
        Decision second = await SendAsync(api, "/read", token);
        string? other = (await SendAsync(api, "/read", _server.IssueToken("read"))).Fingerprint;

        Assert.Equal((first, ResponseSource.Cache), (second.Fingerprint, second.Source));
        Assert.Empty(second.Exchanges);
        Assert.NotEqual(first, other);
        Assert.DoesNotContain(first!, token, StringComparison.Ordinal);
        await using TestApi restarted = await StartAsync();
        Assert.NotEqual(first, (await SendAsync(restarted, "/read", token)).Fingerprint);
    }

    [Fact]
    public async Task A_missing_scope_is_named_with_the_scopes_of_the_token()
    {
        await using TestApi api = await StartAsync();

        Decision decision = await SendAsync(api, "/write", _server.IssueToken("read"));

        Assert.Equal((403, DecisionOutcome.Accepted), (decision.StatusCode, decision.Outcome));
        Assert.Equal("scope: expected write; found read, without write", decision.Policy?.Failed?.ToString());
        Assert.Equal(["scope:write"], decision.Policy!.Names);
        Assert.Equal(["user", "scope"], decision.Policy.Requirements.Select(requirement => requirement.Name));
        RemediesTests.AssertIsUseful(decision.Policy.Remedy!);
    }

    [Theory]
    [InlineData(null, "token: expected one access token; found no Authorization header")]
    [InlineData("Basic eA==", "token: expected one access token; found an Authorization header of another scheme than Bearer")]
    [InlineData("opaque-4711", "token: expected one access token; found an Authorization header without the word Bearer before the token")]
    public async Task A_challenge_without_a_token_is_a_decision_too(string? authorization, string failed)
    {
        await using TestApi api = await StartAsync();

        Decision decision = await SendHeaderAsync(api, "/read", authorization);

        Assert.Equal((401, DecisionOutcome.NoToken), (decision.StatusCode, decision.Outcome));
        Assert.Equal(failed, decision.Failed?.ToString());
        Assert.Same(Remedies.NoToken, decision.Remedy);
    }

    [Theory]
    [InlineData("Bearer", "an authorization scheme without a token")]
    [InlineData("Bearer a b", "a character that a token cannot have")]
    [InlineData("Bearer \"a\"", "a character that a token cannot have")]
    [InlineData("Bearer aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "more than 40 characters (MaximumTokenLength)")]
    public async Task A_malformed_token_has_its_fault(string authorization, string found)
    {
        await using TestApi api = await StartAsync(options => options.MaximumTokenLength = 40);

        Decision decision = await SendHeaderAsync(api, "/read", authorization);

        Assert.Equal((400, OAuthIntrospectionFailure.MalformedRequest), (decision.StatusCode, decision.Failure));
        Assert.Equal($"token: expected one access token; found {found}", decision.Failed?.ToString());
        Assert.Null(decision.Fingerprint);
    }

    [Theory]
    [InlineData("atn_", 0, null, "token filter: expected a prefix of atn_; found another prefix")]
    [InlineData(null, 20, null, "token filter: expected at least 20 characters; found 11 characters")]
    [InlineData(null, 0, "[0-9]+", "token filter: expected the pattern [0-9]+; found characters that do not match the pattern")]
    public async Task A_foreign_token_has_the_part_of_the_filter_that_rejects_it(string? prefix, int length, string? pattern, string failed)
    {
        await using TestApi api = await StartAsync(options =>
        {
            if (prefix is not null)
                options.TokenFilter.Prefixes.Add(prefix);
            options.TokenFilter.MinimumLength = length;
            options.TokenFilter.Pattern = pattern;
        });

        Decision decision = await SendAsync(api, "/read", "opaque-4711");

        Assert.Equal(OAuthIntrospectionFailure.ForeignToken, decision.Failure);
        Assert.Equal(failed, decision.Failed?.ToString());
    }

    [Fact]
    public async Task Requests_that_share_a_call_say_so()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken("read");
        HeldResponses held = _server.HoldResponses();
        Task<HttpResponseMessage> one = api.GetAsync("/read", token);
        await held.WaitForCallsAsync(1);
        Task<HttpResponseMessage> two = api.GetAsync("/read", token);
        held.Dispose();

        (await one).Dispose();
        (await two).Dispose();

        IReadOnlyList<Decision> decisions = LogOf(api).Newest();
        Assert.Contains(decisions, decision => decision.Source == ResponseSource.Call);
        Assert.All(decisions, decision => Assert.NotEqual(DecisionOutcome.Unavailable, decision.Outcome));
    }

    [Fact]
    public async Task A_stale_response_is_called_stale()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Cache.MaximumAge = TimeSpan.FromMinutes(1);
            options.Cache.StaleIfUnavailable = TimeSpan.FromMinutes(10);
        });
        string token = _server.IssueToken("read");
        await SendAsync(api, "/read", token);
        _time.Advance(TimeSpan.FromMinutes(2));
        _server.RespondWith(503);

        Decision decision = await SendAsync(api, "/read", token);

        Assert.Equal((200, ResponseSource.StaleCache), (decision.StatusCode, decision.Source));
        Check response = Assert.Single(decision.Checks, check => check.Name == "response");
        Assert.Equal("active, from the cache, 2 min old, because the server is unavailable", response.Found);
    }

    [Fact]
    public async Task Each_attempt_of_a_call_is_an_exchange_with_what_was_received()
    {
        await using TestApi api = await StartAsync();
        _server.RespondWith(502, "<h1>Bad gateway</h1> opaque-4711-token", "text/html", calls: 1);
        _server.IssueToken(token => token.Value = "opaque-4711-token");

        Decision decision = await SendAsync(api, "/me", "opaque-4711-token");

        Assert.Equal(["unavailable", "active"], decision.Exchanges.Select(exchange => exchange.Outcome));
        Assert.Equal((502, "text/html"), (decision.Exchanges[0].StatusCode, decision.Exchanges[0].ContentType));
    }

    [Fact]
    public async Task An_event_handler_that_rejects_a_token_is_named()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnTokenValidated = context =>
            {
                context.Fail("secret reason");
                return Task.CompletedTask;
            }
        );

        Decision decision = await SendAsync(api, "/read", _server.IssueToken("read"));

        Assert.Equal((401, OAuthIntrospectionFailure.RejectedByApplication), (decision.StatusCode, decision.Failure));
        Assert.Equal("OnTokenValidated: expected no rejection by the application; found a rejection", decision.Failed?.ToString());
    }

    [Fact]
    public async Task A_failure_that_the_application_replaces_says_so()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnAuthenticationFailed = context =>
            {
                context.NoResult();
                return Task.CompletedTask;
            }
        );

        Decision decision = await SendAsync(api, "/public", "unknown");

        Assert.Equal((200, OAuthIntrospectionFailure.Inactive, true), (decision.StatusCode, decision.Failure, decision.IsReplaced));
    }

    [Fact]
    public async Task Introspection_outside_a_request_is_recorded_without_one()
    {
        await using TestApi api = await StartAsync(options => options.Audiences.Add("api"));
        var introspector = api.Services.GetRequiredService<OAuthIntrospector>();

        await introspector.IntrospectAsync(_server.IssueToken(token => token.Audiences = ["other"]));

        Decision decision = Assert.Single(LogOf(api).Newest());
        Assert.Equal((null, null, 0, "audience"), (decision.Method, decision.Path, decision.StatusCode, decision.Failed?.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_that_a_failure_keeps_from_being_raised_is_not_reached_with_and_without_a_request(bool hasRequest)
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.TokenFilter.Prefixes.Add("ours_");
            options.Events.OnTokenValidated = static _ => Task.CompletedTask;
        });

        if (hasRequest)
            await SendAsync(api, "/public", "foreign");
        else
            await api.Services.GetRequiredService<OAuthIntrospector>().IntrospectAsync("foreign");

        Check check = Assert.Single(LogOf(api).Newest()).Checks.Single(static check => check.Name == "OnTokenValidated");
        Assert.Equal(CheckVerdict.NotReached, check.Verdict);
    }

    [Fact]
    public async Task Nothing_is_recorded_while_the_log_is_off()
    {
        await using TestApi api = await StartAsync();
        LogOf(api).IsEnabled = false;

        (await api.GetAsync("/read", _server.IssueToken("read"))).Dispose();
        (await api.GetAsync("/read", "unknown")).Dispose();
        (await api.GetAsync("/read", null)).Dispose();

        Assert.Empty(LogOf(api).Newest());
    }

    private static DecisionLog LogOf(TestApi api) => api.Services.GetRequiredService<DecisionLog>();

    private static Task<Decision> SendAsync(TestApi api, string path, string token) => SendHeaderAsync(api, path, "Bearer " + token);

    /// <summary>Sends a request and waits until its decision has the final status.</summary>
    private static async Task<Decision> SendHeaderAsync(TestApi api, string path, string? authorization)
    {
        DecisionLog log = LogOf(api);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        (await api.Client.SendAsync(request)).Dispose();

        for (long version = log.Version; log.Newest()[0].StatusCode == 0; )
            version = await log.WaitForChangeAsync(version, TestContext.Current.CancellationToken);
        return log.Newest()[0];
    }

    private async Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null)
    {
        TestApi api = await TestApi.StartAsync(_server, configure, _time);
        LogOf(api).IsEnabled = true;
        return api;
    }
}
