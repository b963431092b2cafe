using System.Diagnostics.Metrics;
using IntrospectionAuth.Telemetry;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Telemetry;

/// <summary>The measurements that a listener in the application receives.</summary>
public sealed class MetricsTests : IAsyncDisposable
{
    private const string Scheme = "aspnetcore.authentication.scheme=OAuthIntrospection";

    private readonly FakeAuthorizationServer _server;
    private readonly ManualTimeProvider _time = new();

    public MetricsTests() => _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("active", 0.25, "introspection_auth.outcome=active")]
    [InlineData("inactive", 0.5, "introspection_auth.outcome=inactive")]
    [InlineData("500", 1, "introspection_auth.outcome=unavailable error.type=500")]
    [InlineData("401", 1, "introspection_auth.outcome=unavailable error.type=401")]
    [InlineData("garbage", 2, "introspection_auth.outcome=unavailable error.type=invalid_response")]
    [InlineData("disconnect", 0.125, "introspection_auth.outcome=unavailable error.type=response_ended")]
    [InlineData("hanging", 5, "introspection_auth.outcome=unavailable error.type=timeout")]
    public async Task A_call_is_measured_by_its_duration_outcome_and_error(string behavior, double seconds, string tags)
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.Resilience.Retries = 0, _time);
        using var metrics = new MeasurementRecorder(api.Services);
        using HeldResponses held = _server.HoldResponses();

        Task<HttpResponseMessage> request = api.GetAsync("/read", behavior == "active" ? IssueToken() : "unknown");
        await held.WaitForCallsAsync(1);
        Behave(behavior);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        held.Release();
        using HttpResponseMessage response = await request;

        Assert.Equal([FormattableString.Invariant($"{seconds} {Scheme} {tags}")], metrics.Of(OAuthIntrospectionTelemetry.CallDuration));
        Assert.Empty(metrics.Of(OAuthIntrospectionTelemetry.CallsPrevented));
    }

    [Fact]
    public async Task A_repeated_call_is_measured_once_with_its_last_outcome()
    {
        await using TestApi api = await TestApi.StartAsync(_server, time: _time);
        using var metrics = new MeasurementRecorder(api.Services);
        _server.RespondWith(502, calls: 1);

        using HttpResponseMessage response = await api.GetAsync("/read", IssueToken());

        Assert.Equal(2, _server.CallCount);
        Assert.Equal([$"0 {Scheme} introspection_auth.outcome=active"], metrics.Of(OAuthIntrospectionTelemetry.CallDuration));
    }

    [Fact]
    public async Task A_call_that_fails_in_the_applications_event_is_measured_with_the_exception_type()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options => options.Events.OnIntrospecting = _ => throw new InvalidOperationException("the user's own"),
            _time
        );
        using var metrics = new MeasurementRecorder(api.Services);

        await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync("/read", "token"));

        Assert.Equal(
            [$"0 {Scheme} introspection_auth.outcome=unavailable error.type=System.InvalidOperationException"],
            metrics.Of(OAuthIntrospectionTelemetry.CallDuration)
        );
        Assert.Equal(0, metrics.Sum(OAuthIntrospectionTelemetry.ActiveCalls));
    }

    [Fact]
    public async Task Calls_that_are_not_made_are_counted_by_their_reason()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
            {
                options.Resilience.MaximumConcurrentCalls = 1;
                options.Resilience.MaximumWait = TimeSpan.Zero;
            },
            _time
        );
        using var metrics = new MeasurementRecorder(api.Services);

        using (HeldResponses held = _server.HoldResponses())
        {
            Task<HttpResponseMessage> first = api.GetAsync("/read", "first");
            await held.WaitForCallsAsync(1);
            await GetAsync(api, "crowded");
            held.Release();
            (await first).Dispose();
        }

        _server.RespondWith(429, headers: [new("Retry-After", "30")], calls: 1);
        await GetAsync(api, "told");
        await GetAsync(api, "left");
        _time.Advance(TimeSpan.FromSeconds(31));
        _server.Disconnect();
        for (int request = 0; request < 12; request++)
            await GetAsync(api, $"failing{request}");

        Assert.Equal(
            [$"1 {Scheme} error.type=too_many_calls", $"1 {Scheme} error.type=retry_after", $"1 {Scheme} error.type=circuit_open"],
            metrics.Of(OAuthIntrospectionTelemetry.CallsPrevented).Distinct(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_token_is_a_hit_or_a_miss()
    {
        await using TestApi api = await TestApi.StartAsync(_server, time: _time);
        using var metrics = new MeasurementRecorder(api.Services);
        string token = IssueToken();

        using (HeldResponses held = _server.HoldResponses())
        {
            Task<HttpResponseMessage>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => api.GetAsync("/read", token))];
            await held.WaitForCallsAsync(1);
            held.Release();
            foreach (HttpResponseMessage response in await Task.WhenAll(waiting))
                response.Dispose();
        }

        await GetAsync(api, token);
        await GetAsync(api, token);
        await GetAsync(api, null);

        Assert.Equal(5, metrics.Sum(OAuthIntrospectionTelemetry.CacheHits) + metrics.Sum(OAuthIntrospectionTelemetry.CacheMisses));
        Assert.True(metrics.Sum(OAuthIntrospectionTelemetry.CacheHits) >= 2, "The last two were hits.");
        Assert.All(
            metrics.Of(OAuthIntrospectionTelemetry.CacheHits).Concat(metrics.Of(OAuthIntrospectionTelemetry.CacheMisses)),
            it => Assert.Equal($"1 {Scheme}", it)
        );
        Assert.Single(metrics.Of(OAuthIntrospectionTelemetry.CallDuration));
    }

    [Fact]
    public async Task Calls_in_flight_are_counted_up_and_down()
    {
        await using TestApi api = await TestApi.StartAsync(_server, time: _time);
        using var metrics = new MeasurementRecorder(api.Services);
        using HeldResponses held = _server.HoldResponses();

        Task<HttpResponseMessage> first = api.GetAsync("/read", "first");
        Task<HttpResponseMessage> second = api.GetAsync("/read", "second");
        await held.WaitForCallsAsync(2);
        double inFlight = metrics.Sum(OAuthIntrospectionTelemetry.ActiveCalls);
        held.Release();
        (await first).Dispose();
        (await second).Dispose();

        Assert.Equal(2, inFlight);
        Assert.Equal(0, metrics.Sum(OAuthIntrospectionTelemetry.ActiveCalls));
        Assert.All(metrics.Of(OAuthIntrospectionTelemetry.ActiveCalls), it => Assert.EndsWith(Scheme, it, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Background_refreshes_are_counted_by_their_outcome()
    {
        await using TestApi api = await TestApi.StartAsync(_server, time: _time);
        using var metrics = new MeasurementRecorder(api.Services);
        string token = IssueToken();

        await GetAsync(api, token);
        _time.Advance(TimeSpan.FromMinutes(6));
        await RefreshAsync(api, token, metrics, refreshes: 1);
        _server.RespondWith(500);
        _time.Advance(TimeSpan.FromMinutes(6));
        await RefreshAsync(api, token, metrics, refreshes: 2);

        Assert.Equal(
            [$"1 {Scheme} introspection_auth.outcome=active", $"1 {Scheme} introspection_auth.outcome=unavailable error.type=500"],
            metrics.Of(OAuthIntrospectionTelemetry.CacheRefreshes)
        );
    }

    [Fact]
    public async Task A_background_refresh_that_fails_in_the_applications_event_is_counted()
    {
        bool throws = false;
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnIntrospecting = _ => throws ? throw new InvalidOperationException("the user's own") : Task.CompletedTask,
            _time
        );
        using var metrics = new MeasurementRecorder(api.Services);
        string token = IssueToken();

        await GetAsync(api, token);
        throws = true;
        _time.Advance(TimeSpan.FromMinutes(6));
        await RefreshAsync(api, token, metrics, refreshes: 1);

        Assert.Equal(
            [$"1 {Scheme} introspection_auth.outcome=unavailable error.type=System.InvalidOperationException"],
            metrics.Of(OAuthIntrospectionTelemetry.CacheRefreshes)
        );
    }

    [Fact]
    public async Task Cache_entries_and_evictions_are_measured_by_active_and_inactive()
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.Cache.MaximumEntries = 2, _time);
        using var metrics = new MeasurementRecorder(api.Services);

        foreach (string token in (string[])[IssueToken(), IssueToken(), IssueToken(), "unknown"])
            await GetAsync(api, token);

        Assert.Equal(
            [$"2 {Scheme} introspection_auth.entry.type=active", $"1 {Scheme} introspection_auth.entry.type=inactive"],
            metrics.Observe(OAuthIntrospectionTelemetry.CacheEntries)
        );
        Assert.Equal(
            [$"1 {Scheme} introspection_auth.entry.type=active", $"0 {Scheme} introspection_auth.entry.type=inactive"],
            metrics.Observe(OAuthIntrospectionTelemetry.CacheEvictions)
        );
    }

    [Fact]
    public async Task The_breaker_state_and_the_time_until_the_server_is_usable_are_measured()
    {
        await using TestApi api = await TestApi.StartAsync(_server, time: _time);
        using var metrics = new MeasurementRecorder(api.Services);
        string State() =>
            metrics.Observe(OAuthIntrospectionTelemetry.BreakerState).Single()
            + ", "
            + metrics.Observe(OAuthIntrospectionTelemetry.ServerUsableIn).Single();

        await GetAsync(api, "first");
        string atFirst = State();
        _server.Disconnect();
        for (int request = 0; request < 10; request++)
            await GetAsync(api, $"failing{request}");
        string opened = State();
        _time.Advance(TimeSpan.FromSeconds(2));
        string later = State();
        _time.Advance(TimeSpan.FromSeconds(4));
        string probing = State();
        _server.ResetBehavior();
        await GetAsync(api, "last");
        string closed = State();

        Assert.Equal(
            [
                $"0 {Scheme}, 0 {Scheme}",
                $"2 {Scheme}, 5 {Scheme}",
                $"2 {Scheme}, 3 {Scheme}",
                $"2 {Scheme}, 0 {Scheme}",
                $"0 {Scheme}, 0 {Scheme}",
            ],
            [atFirst, opened, later, probing, closed]
        );
    }

    [Fact]
    public async Task A_server_that_sends_RetryAfter_is_usable_when_it_has_passed()
    {
        await using TestApi api = await TestApi.StartAsync(_server, time: _time);
        using var metrics = new MeasurementRecorder(api.Services);
        _server.RespondWith(503, headers: [new("Retry-After", "30")]);

        await GetAsync(api, "token");
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([$"20 {Scheme}"], metrics.Observe(OAuthIntrospectionTelemetry.ServerUsableIn));
        Assert.Equal([$"0 {Scheme}"], metrics.Observe(OAuthIntrospectionTelemetry.BreakerState));
    }

    [Fact]
    public async Task Each_scheme_is_measured_on_its_own()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Time = _time,
                Schemes = ["one", "two"],
                Services = services =>
                    services.AddAuthentication().AddOAuthIntrospection("one", _ => { }).AddOAuthIntrospection("two", _ => { }),
            }
        );
        using var metrics = new MeasurementRecorder(api.Services);
        string token = IssueToken();

        await api.AuthenticateAsync(token, "one");
        await api.AuthenticateAsync(token, "two");
        await api.AuthenticateAsync(token, "two");

        string[] perScheme =
        [
            OAuthIntrospectionTelemetry.CacheEntries,
            OAuthIntrospectionTelemetry.BreakerState,
            OAuthIntrospectionTelemetry.ServerUsableIn,
        ];
        Assert.All(
            perScheme,
            name =>
                Assert.Equal(
                    ["one", "two"],
                    metrics
                        .Observe(name)
                        .Select(it => it.Split('=')[1].Split(' ')[0])
                        .Distinct(StringComparer.Ordinal)
                        .Order(StringComparer.Ordinal)
                )
        );
        Assert.Equal(["1 aspnetcore.authentication.scheme=two"], metrics.Of(OAuthIntrospectionTelemetry.CacheHits));
    }

    [Fact]
    public void A_hit_allocates_nothing_without_a_listener()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new IntrospectionMetrics(services.GetRequiredService<IMeterFactory>());
        metrics.Hit("scheme");

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int hit = 0; hit < 1000; hit++)
            metrics.Hit("scheme");

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static async Task GetAsync(TestApi api, string? token) => (await api.GetAsync("/read", token)).Dispose();

    /// <summary>Uses the token, and waits until the background refresh that this starts has ended.</summary>
    private static async Task RefreshAsync(TestApi api, string token, MeasurementRecorder metrics, int refreshes)
    {
        await GetAsync(api, token);
        await metrics.WaitForAsync(OAuthIntrospectionTelemetry.CacheRefreshes, refreshes);
    }

    private void Behave(string behavior)
    {
        if (behavior is "500" or "401")
            _server.RespondWith(int.Parse(behavior, System.Globalization.CultureInfo.InvariantCulture));
        else if (behavior == "garbage")
            _server.RespondWith(200, "<!doctype html>", "text/html");
        else if (behavior == "disconnect")
            _server.Disconnect();
    }

    private string IssueToken() => _server.IssueToken("read");
}
