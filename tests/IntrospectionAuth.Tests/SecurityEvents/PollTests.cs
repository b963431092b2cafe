using System.Net;
using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace IntrospectionAuth.Tests.SecurityEvents;

/// <summary>What RFC 8936 requires of a recipient, and what a poller does while its transmitter fails.</summary>
public sealed class PollTests
{
    private const string Token = "user-1.session-1.org-1";

    private static readonly string s_revoked = SecurityEventApi.Caep + "session-revoked";
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(7); // no other timer has this length

    private readonly PollTransmitter _transmitter = new();

    [Fact]
    public async Task A_poll_is_a_POST_of_JSON_that_the_transmitter_may_hold()
    {
        await using SecurityEventApi api = await StartAsync(options => options.Authorization = "Bearer of-this-api");

        PollTransmitter.Poll poll = await _transmitter.WaitForPollAsync(1);

        // RFC 8936, section 2.2.
        Assert.Equal("POST", poll.Method);
        Assert.Equal("application/json", poll.Headers["Content-Type"]);
        Assert.Equal("application/json", poll.Headers["Accept"]);
        Assert.False(poll.Headers.ContainsKey("Content-Language"));
        Assert.Equal("""{"maxEvents":50,"returnImmediately":false}""", poll.Body.ToJsonString()); // section 2.4.1
        Assert.Equal("Bearer of-this-api", poll.Headers["Authorization"]); // section 3
        Assert.DoesNotContain("of-this-api", api.Api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_acknowledged_after_they_removed_tokens()
    {
        await using SecurityEventApi api = await StartAsync();
        await api.UseAsync(Token);
        await _transmitter.WaitForPollAsync(1);
        int removedBefore = -1;
        _transmitter.OnPoll = _ => removedBefore = api.Api.Log.Count("TokensRevoked");

        _transmitter.RespondWith(api.Create(s_revoked), api.Create(s_revoked, api.Subject("user-2")));

        PollTransmitter.Poll poll = await _transmitter.WaitForPollAsync(2);
        Assert.Equal(2, removedBefore);
        Assert.Equal("""{"maxEvents":50,"returnImmediately":false,"ack":["event-1","event-2"]}""", poll.Body.ToJsonString()); // 2.4.3
        Assert.Equal("1", await api.FindRemovedAsync(Token));

        _transmitter.RespondWith();
        await api.Time.WaitForTimersAsync(s_interval, 1);
        api.Time.Advance(s_interval);
        Assert.Null((await _transmitter.WaitForPollAsync(3)).Body["ack"]); // acknowledged once
        Assert.Equal(0, api.Api.Log.Count("PollRecovered"));
    }

    public static TheoryData<string, string, string> Refused =>
        new()
        {
            { "RFC 8936, 2.6 and RFC 8417, 2.2", "iss", "invalid_issuer" },
            { "RFC 8936, 2.6 and RFC 8417, 2.2", "aud", "invalid_audience" },
            { "RFC 8936, 2.6 and RFC 8417, 2.2", "iat", "invalid_request" },
            { "RFC 8936, 2.6 and RFC 8417, 2.2", "events", "invalid_request" },
            { "RFC 8936, 2.6 and SSF 3.1", "sub_id", "invalid_request" },
            { "RFC 8936, 2.3: each name is the jti of its SET", "jti", "invalid_request" },
            { "RFC 8936, 2.6: the signature is forged", "key", "invalid_key" },
            { "RFC 8936, 2.3: a SET is a string", "text", "invalid_request" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_token_that_breaks_a_rule_is_reported_as_an_error_and_the_others_are_acknowledged(
        string rule,
        string fault,
        string code
    )
    {
        Assert.NotEmpty(rule);
        await using SecurityEventApi api = await StartAsync();
        await api.UseAsync(Token, "user-2.session-2.org-2");
        SignedResponse broken = api.Create(s_revoked),
            valid = api.Create(s_revoked, api.Subject("user-2"));
        if (fault == "key")
            broken.Key = ServerKey.Ec(keyId: null).Pair;
        else if (fault == "jti")
            broken.Claims["jti"] = "event-3";
        else
            broken.Claims.Remove(fault);
        JsonNode text = fault == "text" ? new JsonObject() : JsonValue.Create(broken.ToString());
        await _transmitter.WaitForPollAsync(1);

        _transmitter.RespondWithJson($$"""{"sets":{"event-1":{{text.ToJsonString()}},"event-2":"{{valid}}"},"more":1}""");

        // Section 2.4.4: the errors are in setErrs, with the language of their descriptions.
        PollTransmitter.Poll poll = await _transmitter.WaitForPollAsync(2);
        Assert.Equal("""["event-2"]""", poll.Body["ack"]!.ToJsonString());
        Assert.Equal("event-1", Assert.Single(poll.Body["setErrs"]!.AsObject()).Key);
        Assert.Equal(code, (string?)poll.Body["setErrs"]!["event-1"]!["err"]);
        Assert.EndsWith(".", (string?)poll.Body["setErrs"]!["event-1"]!["description"], StringComparison.Ordinal);
        Assert.Equal("en", poll.Headers["Content-Language"]);
        Assert.Equal("01", await api.FindRemovedAsync(Token, "user-2.session-2.org-2"));
    }

    [Theory]
    [InlineData("500", "it responded with 500")]
    [InlineData("401", "it responded with 401")]
    [InlineData("404", "it responded with 404")]
    [InlineData("204", "it responded with 204")]
    [InlineData("redirect", "it responded with 307")]
    [InlineData("disconnect", "it could not be reached")]
    [InlineData("hang", "there was no complete response in time")]
    [InlineData("hang in the body", "there was no complete response in time")]
    [InlineData("empty", "its response is unusable, it is not JSON, has a member twice, or is nested too deeply")]
    [InlineData("not JSON", "its response is unusable, it is not JSON, has a member twice, or is nested too deeply")]
    [InlineData("HTML", "the content type of its response is not JSON")]
    [InlineData("an array", "its response is unusable, it is not a JSON object")]
    [InlineData("no sets", "its response is unusable, it has no sets")]
    [InlineData("sets in an array", "its response is unusable, it has no sets")]
    [InlineData("a SET twice", "its response is unusable, it is not JSON, has a member twice, or is nested too deeply")]
    [InlineData("too long", "its response is too long")]
    public async Task A_poller_survives_a_transmitter_that_fails_and_returns(string fault, string logged)
    {
        await using SecurityEventApi api = await StartAsync();
        await api.UseAsync(Token);
        await _transmitter.WaitForPollAsync(1);
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);

        _transmitter.Respond(context => FailAsync(context, fault, began));
        if (fault.StartsWith("hang", StringComparison.Ordinal))
        {
            await began.Task;
            api.Time.Advance(TimeSpan.FromMinutes(2)); // Timeout
        }

        await api.Api.Log.WaitForAsync("PollFailed");
        await api.Time.WaitForTimersAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), 1);
        _transmitter.RespondWith(api.Create(s_revoked));
        api.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull((await _transmitter.WaitForPollAsync(3)).Body["ack"]);
        Assert.Equal("1", await api.FindRemovedAsync(Token));
        AssertFailed(logged, api);
        Assert.Equal(1, api.Api.Log.Count("PollRecovered"));
        Assert.Equal(0, api.Server.Http.Count("POST /elsewhere"));
        Assert.Equal(0, api.Server.Http.Count("GET /elsewhere"));
    }

    [Fact]
    public async Task Pauses_double_up_to_a_minute_and_vary()
    {
        await using SecurityEventApi api = await StartAsync();

        var longest = TimeSpan.FromMinutes(1);
        for (int failure = 1; failure <= 9; failure++)
        {
            _transmitter.RespondWithStatus(500);
            await api.Time.WaitForTimersAsync(TimeSpan.Zero, longest, failure); // A poll has a timer of 2 minutes.
            api.Time.Advance(longest);
        }

        await _transmitter.WaitForPollAsync(10);
        double[] pauses = [.. api.Time.Timers.Where(it => it > TimeSpan.Zero && it <= longest).Select(it => it.TotalSeconds)];
        double[] expected = [1, 2, 4, 8, 16, 32, 60, 60, 60];
        Assert.All(pauses.Zip(expected), it => Assert.InRange(it.First, it.Second / 2, it.Second));
        Assert.NotEqual(pauses[^1], pauses[^2]);
    }

    [Fact]
    public async Task A_requested_delay_is_kept()
    {
        await using SecurityEventApi api = await StartAsync();
        await _transmitter.WaitForPollAsync(1);

        _transmitter.RespondWithStatus(503, retryAfter: "30");
        await api.Time.WaitForTimersAsync(TimeSpan.FromSeconds(30), 1);
        api.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Single(_transmitter.Polls);
        api.Time.Advance(TimeSpan.FromSeconds(1));

        await _transmitter.WaitForPollAsync(2);
    }

    [Fact]
    public async Task A_failure_after_a_recovery_is_logged_at_once()
    {
        await using SecurityEventApi api = await StartAsync();
        _transmitter.RespondWithStatus(500);
        await api.Time.WaitForTimersAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), 1);
        api.Time.Advance(TimeSpan.FromSeconds(1));
        _transmitter.RespondWith();
        await api.Time.WaitForTimersAsync(s_interval, 1);
        api.Time.Advance(s_interval);

        _transmitter.RespondWithStatus(500);

        await api.Api.Log.WaitForAsync("PollFailed", 2);
    }

    // 64 KB, and 17 KB for the one event that is requested.
    [Theory]
    [InlineData(82_944, "TokensRevoked")]
    [InlineData(82_945, "PollFailed")]
    public async Task A_response_may_be_as_long_as_the_requested_events_and_64_KB(int length, string logged)
    {
        await using SecurityEventApi api = await StartAsync(static options => options.MaximumEvents = 1);
        string response = $$$"""{"sets":{"event-1":"{{{api.Create(s_revoked)}}}"}}""";

        _transmitter.RespondWithJson(response.PadRight(length));
        await api.Api.Log.WaitForAsync(static entry => entry.Event.Name is "TokensRevoked" or "PollFailed");

        Assert.Equal(1, api.Api.Log.Count(logged));
    }

    [Fact]
    public async Task The_time_that_the_transmitter_holds_a_poll_counts_toward_the_interval()
    {
        await using SecurityEventApi api = await StartAsync();
        await _transmitter.WaitForPollAsync(1);

        api.Time.Advance(TimeSpan.FromSeconds(3));
        _transmitter.RespondWith();
        await api.Time.WaitForTimersAsync(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), 1);
        Assert.Equal(1, api.Time.CountTimers(TimeSpan.FromSeconds(4)));
        api.Time.Advance(TimeSpan.FromSeconds(4));
        await _transmitter.WaitForPollAsync(2);

        api.Time.Advance(TimeSpan.FromSeconds(8));
        _transmitter.RespondWith();
        await _transmitter.WaitForPollAsync(3);
    }

    [Fact]
    public async Task Acknowledgements_are_sent_again_until_a_poll_succeeds()
    {
        await using SecurityEventApi api = await StartAsync();
        _transmitter.RespondWith(api.Create(s_revoked));
        await _transmitter.WaitForPollAsync(2);

        _transmitter.RespondWithStatus(500);
        await api.Time.WaitForTimersAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), 1);
        api.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("""["event-1"]""", (await _transmitter.WaitForPollAsync(3)).Body["ack"]!.ToJsonString());
    }

    [Fact]
    public async Task Acknowledgements_that_the_transmitter_refuses_are_not_sent_again()
    {
        await using SecurityEventApi api = await StartAsync();
        _transmitter.RespondWith(api.Create(s_revoked));
        await _transmitter.WaitForPollAsync(2);

        _transmitter.RespondWithStatus(400);
        await api.Time.WaitForTimersAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), 1);
        api.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null((await _transmitter.WaitForPollAsync(3)).Body["ack"]);
    }

    [Fact]
    public async Task An_event_that_is_sent_again_is_acknowledged_again_and_counts_once()
    {
        await using SecurityEventApi api = await StartAsync();
        SignedResponse token = api.Create(s_revoked);
        _transmitter.RespondWith(token);
        await _transmitter.WaitForPollAsync(2);

        _transmitter.RespondWith(token);

        // A transmitter that ignores acknowledgements must not keep the poller busy.
        await api.Time.WaitForTimersAsync(s_interval, 1);
        Assert.Equal(2, _transmitter.Polls.Count);
        api.Time.Advance(s_interval);
        Assert.Equal("""["event-1"]""", (await _transmitter.WaitForPollAsync(3)).Body["ack"]!.ToJsonString());
        Assert.Equal(1, api.Api.Log.Count("TokensRevoked"));
    }

    [Fact]
    public async Task An_event_whose_key_cannot_be_obtained_is_neither_acknowledged_nor_refused()
    {
        await using SecurityEventApi api = await StartAsync();
        await api.UseAsync(Token);
        api.Server.Http.RespondAt(SignedServer.Jwks, 500);
        SignedResponse token = api.Create(s_revoked);

        _transmitter.RespondWith(token);
        await api.Api.Log.WaitForAsync("PollFailed");
        await api.Time.WaitForTimersAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), 1);
        api.Server.PublishKeys(api.Server.Key);
        api.Time.Advance(TimeSpan.FromSeconds(10)); // The failure to fetch the keys is kept that long.

        PollTransmitter.Poll poll = await _transmitter.WaitForPollAsync(2);
        Assert.Equal("""{"maxEvents":50,"returnImmediately":false}""", poll.Body.ToJsonString());
        _transmitter.RespondWith(token);
        Assert.NotNull((await _transmitter.WaitForPollAsync(3)).Body["ack"]);
        Assert.Equal("1", await api.FindRemovedAsync(Token));
        AssertFailed("the keys that verify its events cannot be obtained", api);
    }

    [Fact]
    public async Task Service_defaults_neither_repeat_a_poll_nor_log_it()
    {
        var once = new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = 1,
            Delay = TimeSpan.Zero,
            UseJitter = false,
        };
        await using SecurityEventApi api = await StartAsync(services: it =>
            it.ConfigureHttpClientDefaults(client => client.AddResilienceHandler("once", pipeline => pipeline.AddRetry(once)))
        );

        _transmitter.RespondWithStatus(503);
        _transmitter.RespondWithStatus(503);
        await api.Api.Log.WaitForAsync("PollFailed");

        Assert.Single(_transmitter.Polls);
        string category = "System.Net.Http.HttpClient." + OAuthIntrospectionDefaults.SecurityEventPollerHttpClientName;
        Assert.DoesNotContain(api.Api.Log.Entries, entry => entry.Category.StartsWith(category, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_handler_that_the_application_configures_later_is_made_safe()
    {
        var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All };
        await using SecurityEventApi api = await SecurityEventApi.StartAsync(
            static (_, _) => { },
            (server, services) =>
            {
                server.Http.On(PollTransmitter.Path, context => FailAsync(context, "redirect", new TaskCompletionSource()));
                services.AddSecurityEventPoller(options =>
                {
                    options.Endpoint = server.Url + PollTransmitter.Path;
                    options.Audiences.Add(SecurityEventApi.Audience);
                });
                services
                    .AddHttpClient(OAuthIntrospectionDefaults.SecurityEventPollerHttpClientName)
                    .ConfigurePrimaryHttpMessageHandler(() => handler);
            }
        );

        await api.Api.Log.WaitForAsync("PollFailed");

        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
    }

    [Fact]
    public async Task Without_long_polling_polls_return_at_once_and_follow_each_other_after_the_interval()
    {
        await using SecurityEventApi api = await StartAsync(options =>
        {
            options.LongPolling = false;
            options.Interval = TimeSpan.FromSeconds(3);
            options.MaximumEvents = 7;
        });
        PollTransmitter.Poll poll = await _transmitter.WaitForPollAsync(1);
        Assert.Equal("""{"maxEvents":7,"returnImmediately":true}""", poll.Body.ToJsonString());

        _transmitter.RespondWith();
        await api.Time.WaitForTimersAsync(TimeSpan.FromSeconds(3), 1);
        Assert.Single(_transmitter.Polls);
        api.Time.Advance(TimeSpan.FromSeconds(3));

        await _transmitter.WaitForPollAsync(2);
    }

    [Fact]
    public async Task A_held_poll_does_not_keep_the_application_from_stopping()
    {
        SecurityEventApi api = await StartAsync();
        await _transmitter.WaitForPollAsync(1);

        await api.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(0, api.Api.Log.Count("PollFailed"));
    }

    [Fact]
    public async Task Polled_events_are_measured_by_their_own_source()
    {
        await using SecurityEventApi api = await StartAsync();
        using var metrics = new MeasurementRecorder(api.Api.Services);

        _transmitter.RespondWith(api.Create(s_revoked));
        await _transmitter.WaitForPollAsync(2);

        Assert.Equal(
            [
                "1 introspection_auth.event.source=security_event_poll introspection_auth.event.type=session-revoked "
                    + "introspection_auth.event.result=removed",
            ],
            metrics.Of(OAuthIntrospectionTelemetry.PushedEvents)
        );
    }

    [Theory]
    [InlineData("no endpoint", "AddSecurityEventPoller: Endpoint is not an absolute https URL. Set the endpoint_url of the stream.")]
    [InlineData("plain http", "AddSecurityEventPoller: Endpoint is not an absolute https URL. Set the endpoint_url of the stream.")]
    [InlineData("no audience", "AddSecurityEventPoller: Audiences is empty. Add the aud by which the transmitter names this API.")]
    [InlineData(
        "another scheme",
        "AddSecurityEventPoller: 'Other' is not the name of an introspection scheme. There is: OAuthIntrospection."
    )]
    public async Task A_mistake_stops_the_start_with_a_message_that_names_it(string mistake, string message)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync(options =>
            {
                options.Endpoint =
                    mistake == "no endpoint" ? null
                    : mistake == "plain http" ? "http://transmitter.example.com/poll"
                    : options.Endpoint;
                options.AuthenticationScheme = mistake == "another scheme" ? "Other" : null;
                if (mistake == "no audience")
                    options.Audiences.Clear();
            })
        );

        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public async Task A_poller_without_a_scheme_stops_the_start_with_a_message_that_names_the_mistake()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddSecurityEventPoller(static options =>
        {
            options.Endpoint = "https://transmitter.example.com/poll";
            options.Audiences.Add(SecurityEventApi.Audience);
        });
        await using WebApplication app = builder.Build();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());

        Assert.Equal(
            "AddSecurityEventPoller: set AuthenticationScheme, unless there is exactly one introspection scheme. "
                + "There is none: call AddAuthentication().AddOAuthIntrospection(…) first.",
            exception.Message
        );
    }

    private static void AssertFailed(string fault, SecurityEventApi api)
    {
        LogEntry entry = Assert.Single(api.Api.Log.Entries, static entry => entry.Event.Name == "PollFailed");
        Assert.Contains($"the events of the transmitter cannot be polled: {fault}. The next", entry.Text, StringComparison.Ordinal);
    }

    private static async Task FailAsync(HttpContext context, string fault, TaskCompletionSource began)
    {
        switch (fault)
        {
            case "redirect":
                context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                context.Response.Headers.Location = "/elsewhere";
                break;
            case "disconnect":
                context.Abort();
                break;
            case "hang":
                began.SetResult();
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
                break;
            case "hang in the body":
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("""{"sets":""");
                await context.Response.Body.FlushAsync();
                began.SetResult();
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
                break;
            case "empty":
                context.Response.ContentType = "application/json";
                break;
            case "not JSON":
                await MetadataServer.WriteAsync(context, "sets");
                break;
            case "HTML":
                await MetadataServer.WriteAsync(context, """{"sets":{}}""", "text/html");
                break;
            case "an array":
                await MetadataServer.WriteAsync(context, "[]");
                break;
            case "no sets":
                await MetadataServer.WriteAsync(context, "{}");
                break;
            case "sets in an array":
                await MetadataServer.WriteAsync(context, """{"sets":["token"]}""");
                break;
            case "a SET twice":
                await MetadataServer.WriteAsync(context, """{"sets":{"event-1":"a","event-1":"b"}}""");
                break;
            case "too long":
                await MetadataServer.WriteAsync(
                    context,
                    """{"sets":{},"more":"XXX"}""".Replace("XXX", new string('x', 2_000_000), StringComparison.Ordinal)
                );
                break;
            default:
                context.Response.StatusCode = int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture);
                break;
        }
    }

    private Task<SecurityEventApi> StartAsync(
        Action<SecurityEventPollerOptions>? configure = null,
        Action<IServiceCollection>? services = null
    ) =>
        SecurityEventApi.StartAsync(
            (_, _) => { },
            (server, it) =>
            {
                services?.Invoke(it);
                server.Http.On(PollTransmitter.Path, _transmitter.HandleAsync);
                it.AddSecurityEventPoller(options =>
                {
                    options.Endpoint = server.Url + PollTransmitter.Path;
                    options.Audiences.Add(SecurityEventApi.Audience);
                    options.Interval = s_interval;
                    configure?.Invoke(options);
                });
            }
        );
}
