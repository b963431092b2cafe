using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Resilience;

public sealed class CircuitBreakerTests : BadDayTest
{
    private static readonly (HttpStatusCode, int) s_notAsked = (HttpStatusCode.ServiceUnavailable, 0);
    private static readonly (HttpStatusCode, int) s_asked = (HttpStatusCode.OK, 1);

    [Fact]
    public async Task A_server_that_fails_is_not_called_during_the_pause()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(500);

        await AskTimesAsync(api, 10, HttpStatusCode.ServiceUnavailable);

        Assert.Equal(10, Server.CallCount);
        Assert.Equal(s_notAsked, await SendAsync(api));
        Assert.Equal(TimeSpan.FromSeconds(5), await AskForRetryAfterAsync(api));
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(3), await AskForRetryAfterAsync(api));
        Assert.Single(api.Log.Entries, entry => entry.Event.Name == "CircuitOpened");
        Assert.Equal(10, Server.CallCount);
    }

    [Fact]
    public async Task A_retry_counts_as_a_separate_call()
    {
        await using TestApi api = await StartAsync();
        Server.Disconnect();

        await AskTimesAsync(api, 5, HttpStatusCode.ServiceUnavailable);

        Assert.Equal(10, Server.CallCount);
        Assert.Equal(s_notAsked, await SendAsync(api));
    }

    [Fact]
    public async Task Few_failures_do_not_open_the_circuit()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(500);

        await AskTimesAsync(api, 9, HttpStatusCode.ServiceUnavailable);
        Server.ResetBehavior();

        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task Old_failures_do_not_count()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(500);

        await AskTimesAsync(api, 9, HttpStatusCode.ServiceUnavailable);
        Time.Advance(TimeSpan.FromSeconds(11));
        await AskTimesAsync(api, 9, HttpStatusCode.ServiceUnavailable);
        Server.ResetBehavior();

        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task The_circuit_opens_at_the_failure_ratio()
    {
        await using TestApi api = await StartAsync();
        await AskTimesAsync(api, 11, HttpStatusCode.OK);
        Server.RespondWith(500);

        await AskTimesAsync(api, 10, HttpStatusCode.ServiceUnavailable);
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "CircuitOpened");
        await AskTimesAsync(api, 1, HttpStatusCode.ServiceUnavailable);

        Assert.Equal(s_notAsked, await SendAsync(api));
    }

    [Fact]
    public async Task After_one_timeout_no_other_call_waits_for_a_server_that_hangs()
    {
        await using TestApi api = await StartAsync();

        await RunIntoTimeoutAsync(api);

        Assert.Equal(s_notAsked, await SendAsync(api));
    }

    [Fact]
    public async Task One_timeout_among_many_responses_does_not_open_the_circuit()
    {
        await using TestApi api = await StartAsync();
        await AskTimesAsync(api, 11, HttpStatusCode.OK);

        await RunIntoTimeoutAsync(api);

        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(429)]
    [InlineData(200)]
    public async Task A_server_that_responds_is_still_called_regardless_of_the_status(int status)
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(status, "garbage");

        await AskTimesAsync(api, 30, HttpStatusCode.ServiceUnavailable);
        Server.ResetBehavior();

        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task After_the_pause_exactly_one_call_probes_the_server()
    {
        await using TestApi api = await StartAsync();
        await OpenCircuitAsync(api);
        Time.Advance(s_pause);
        Server.ClearCalls();
        using HeldResponses held = Server.HoldResponses();

        Task<HttpResponseMessage>[] requests = [.. Enumerable.Range(0, 50).Select(_ => api.GetAsync("/read", Server.IssueToken("read")))];
        await held.WaitForCallsAsync(1);
        var waiting = requests.ToList();
        while (waiting.Count > 1) // all but the probe fail at once
        {
            Task<HttpResponseMessage> ended = await Task.WhenAny(waiting);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ended).StatusCode);
            waiting.Remove(ended);
        }

        Assert.Equal(1, Server.CallCount);
        held.Release();
        Assert.Equal(HttpStatusCode.OK, (await waiting.Single()).StatusCode);
        await AskTimesAsync(api, 20, HttpStatusCode.OK);
        Assert.Single(api.Log.Entries, entry => entry.Event.Name == "CircuitClosed");
    }

    [Fact]
    public async Task A_failed_probe_starts_the_next_pause_without_a_retry()
    {
        await using TestApi api = await StartAsync();
        await OpenCircuitAsync(api);
        Server.Disconnect();
        Time.Advance(s_pause);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api));
        Server.ResetBehavior();
        Time.Advance(s_pause - TimeSpan.FromTicks(1));
        Assert.Equal(s_notAsked, await SendAsync(api));
        Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task A_hanging_probe_starts_the_next_pause()
    {
        await using TestApi api = await StartAsync();
        await OpenCircuitAsync(api);
        Time.Advance(s_pause);

        await RunIntoTimeoutAsync(api);

        Assert.Equal(s_notAsked, await SendAsync(api));
        Time.Advance(s_pause);
        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task A_probe_that_an_event_handler_prevents_does_not_close_the_circuit()
    {
        bool throws = false;
        await using TestApi api = await StartAsync(options =>
            options.Events.OnIntrospecting = _ => throws ? throw new InvalidOperationException("the user's own") : Task.CompletedTask
        );
        await OpenCircuitAsync(api);
        Time.Advance(s_pause);

        throws = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(api));
        throws = false;

        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "CircuitClosed");
        Assert.Equal(s_notAsked, await SendAsync(api));
        Time.Advance(s_pause);
        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task A_probe_without_credentials_does_not_close_the_circuit()
    {
        bool throws = false;
        await using TestApi api = await StartAsync(options =>
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ =>
                throws ? throw new InvalidOperationException("the user's own") : new ValueTask<string>("key-of-this-api")
            )
        );
        Server.RespondWith(500);
        await AskTimesAsync(api, 10, HttpStatusCode.ServiceUnavailable);
        Time.Advance(s_pause);

        throws = true;
        Assert.Equal(s_notAsked, await SendAsync(api));
        throws = false;

        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "CircuitClosed");
        Assert.Equal(s_notAsked, await SendAsync(api));
    }

    [Fact]
    public async Task A_timeout_of_a_call_from_before_the_recovery_does_not_count()
    {
        await using TestApi api = await StartAsync(options => options.Resilience.BreakerPause = TimeSpan.FromSeconds(1));
        Server.NeverRespond(calls: 2);
        Task<(HttpStatusCode Status, int)> first = SendAsync(api);
        await Server.WaitForCallsAsync(1);
        Time.Advance(TimeSpan.FromSeconds(3));
        Task<(HttpStatusCode Status, int)> second = SendAsync(api);
        await Server.WaitForCallsAsync(2);
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await first).Status);
        Assert.Equal(s_notAsked, await SendAsync(api));

        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(s_asked, await SendAsync(api));
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await second).Status);

        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task Setting_the_clock_back_does_not_extend_the_pause()
    {
        await using TestApi api = await StartAsync();
        await OpenCircuitAsync(api);

        Time.SetBack(TimeSpan.FromHours(1));
        Time.Advance(s_pause);

        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task Tokens_with_a_cache_entry_are_not_affected()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        await SendAsync(api, token);
        await OpenCircuitAsync(api);

        Assert.Equal((HttpStatusCode.OK, 0), await SendAsync(api, token));
    }

    [Fact]
    public async Task A_changed_configuration_starts_over()
    {
        TimeSpan pause = s_pause;
        await using TestApi api = await StartAsync(options => options.Resilience.BreakerPause = pause);
        await OpenCircuitAsync(api);

        pause += TimeSpan.FromSeconds(1);
        api.Services.GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>().Clear();

        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task Each_scheme_has_its_own_circuit()
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Time = Time,
                Schemes = ["one", "two"],
                Services = services =>
                    services.AddAuthentication().AddOAuthIntrospection("one", _ => { }).AddOAuthIntrospection("two", _ => { }),
            }
        );
        Server.RespondWith(500);
        for (int i = 0; i < 10; i++)
            await api.AuthenticateAsync("token", "one");
        Server.ResetBehavior();
        string token = Server.IssueToken();

        Assert.False((await api.AuthenticateAsync(token, "one")).Succeeded);
        Assert.True((await api.AuthenticateAsync(token, "two")).Succeeded);
    }

    [Fact]
    public async Task Without_resilience_there_are_no_retries_and_no_circuit_breaker()
    {
        await using TestApi api = await StartAsync(options => options.Resilience.Enabled = false);
        Server.RespondWith(503, headers: [new("Retry-After", "60")]);

        for (int i = 0; i < 30; i++)
            Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api));
        Server.ResetBehavior();

        await RunIntoTimeoutAsync(api); // Timeout still holds
        Assert.Equal(s_asked, await SendAsync(api));
    }
}
