using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IntrospectionAuth.Tests.HealthChecks;

public sealed class HealthCheckTests : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);

    private readonly FakeAuthorizationServer _server;
    private readonly ManualTimeProvider _time = new();

    public HealthCheckTests() => _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_with_a_recent_response_is_healthy_without_a_probe(bool isActive)
    {
        await using TestApi api = await StartAsync();
        await GetAsync(api, isActive ? _server.IssueToken("read") : "unknown");
        _time.Advance(s_interval - TimeSpan.FromSeconds(1));

        HealthReportEntry health = await CheckAsync(api);

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal("Scheme OAuthIntrospection: the authorization server responds.", health.Description);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_server_without_recent_calls_is_probed_with_the_credentials_of_the_scheme()
    {
        await using TestApi api = await StartAsync();
        await GetAsync(api, "unknown");
        _time.Advance(s_interval);

        HealthReportEntry health = await CheckAsync(api);

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal(2, _server.CallCount);
        Assert.Equal(_server.Calls[0].Headers.Authorization, _server.Calls[1].Headers.Authorization);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fifty_concurrent_checks_make_one_probe_per_interval(bool isWorking)
    {
        await using TestApi api = await StartAsync();
        using HeldResponses held = _server.HoldResponses();

        Task<HealthReportEntry>[] checks = [.. Enumerable.Range(0, 50).Select(_ => CheckAsync(api))];
        await held.WaitForCallsAsync(1);
        if (!isWorking)
            _server.RespondWith(500);
        held.Release();
        await Task.WhenAll(checks);
        _time.Advance(s_interval - TimeSpan.FromSeconds(1));
        await CheckAsync(api);
        int withinTheInterval = _server.CallCount;
        _time.Advance(TimeSpan.FromSeconds(1));
        await CheckAsync(api);

        Assert.All(checks, check => Assert.Equal(isWorking ? HealthStatus.Healthy : HealthStatus.Unhealthy, check.Result.Status));
        Assert.Equal(1, withinTheInterval);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task A_server_that_is_down_is_unhealthy_until_it_is_back()
    {
        await using TestApi api = await StartAsync();
        _server.Disconnect();

        HealthReportEntry down = await CheckAsync(api);
        _server.ResetBehavior();
        HealthReportEntry remembered = await CheckAsync(api);
        _time.Advance(s_interval);
        HealthReportEntry back = await CheckAsync(api);

        Assert.Equal(HealthStatus.Unhealthy, down.Status);
        Assert.Equal(
            "Scheme OAuthIntrospection: the authorization server sends no usable response (response_ended), and no active "
                + "response is cached.",
            down.Description
        );
        Assert.Equal(
            ["OAuthIntrospection", "response_ended", TimeSpan.FromSeconds(5)],
            [down.Data["scheme"], down.Data["error.type"], down.Data["retry_after"]]
        );
        Assert.Equal(HealthStatus.Unhealthy, remembered.Status);
        Assert.Equal(HealthStatus.Healthy, back.Status);
    }

    [Fact]
    public async Task A_response_to_a_call_of_the_application_supersedes_an_older_probe()
    {
        await using TestApi api = await StartAsync();
        _server.RespondWith(500, calls: 1);

        HealthReportEntry before = await CheckAsync(api);
        await GetAsync(api, "unknown");
        HealthReportEntry after = await CheckAsync(api);

        Assert.Equal([HealthStatus.Unhealthy, HealthStatus.Healthy], [before.Status, after.Status]);
        Assert.Equal(2, _server.CallCount);
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("asks to back off")]
    public async Task A_server_that_is_no_longer_called_is_not_healthy_because_of_an_earlier_response(string how)
    {
        await using TestApi api = await StartAsync();
        await GetAsync(api, _server.IssueToken("read"));
        if (how == "hangs")
            _server.NeverRespond();
        else
            _server.RespondWith(429, headers: [new("Retry-After", "20")]);
        Task request = GetAsync(api, "unknown");
        await _server.WaitForCallsAsync(2);
        _time.Advance(TimeSpan.FromSeconds(5));
        await request;

        HealthReportEntry health = await CheckAsync(api);

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task A_server_that_is_down_is_degraded_while_cached_responses_remain_in_use()
    {
        await using TestApi api = await StartAsync();
        await GetAsync(api, _server.IssueToken(it => it.Lifetime = TimeSpan.FromMinutes(2)));
        _server.RespondWith(500);
        _time.Advance(s_interval);

        HealthReportEntry warm = await CheckAsync(api);
        _time.Advance(TimeSpan.FromMinutes(2));
        HealthReportEntry cold = await CheckAsync(api);

        Assert.Equal(HealthStatus.Degraded, warm.Status);
        Assert.Equal(
            "Scheme OAuthIntrospection: the authorization server sends no usable response (500). Cached responses remain in use.",
            warm.Description
        );
        Assert.Equal(HealthStatus.Unhealthy, cold.Status);
    }

    [Fact]
    public async Task Rejected_credentials_are_unhealthy_even_while_cached_responses_remain_in_use()
    {
        await using TestApi api = await StartAsync();
        await GetAsync(api, _server.IssueToken("read"));
        _server.RespondWith(401, "{\"error\":\"invalid_client\"}");
        _time.Advance(s_interval);

        HealthReportEntry health = await CheckAsync(api);

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal(
            "Scheme OAuthIntrospection: the authorization server rejects the credentials or the request of this API: status "
                + "401, error code invalid_client.",
            health.Description
        );
    }

    [Theory]
    [InlineData(401, HealthStatus.Unhealthy)]
    [InlineData(500, HealthStatus.Degraded)]
    public async Task A_failed_call_ends_the_effect_of_an_earlier_response(int status, HealthStatus expected)
    {
        await using TestApi api = await StartAsync();
        await GetAsync(api, _server.IssueToken("read"));
        _server.RespondWith(status);
        await GetAsync(api, "unknown");

        HealthReportEntry health = await CheckAsync(api);
        HealthReportEntry again = await CheckAsync(api);

        Assert.Equal([expected, expected], [health.Status, again.Status]);
        Assert.Equal(3, _server.CallCount); // one of them the probe
    }

    [Fact]
    public async Task Tokens_that_the_server_rejects_do_not_make_it_unhealthy()
    {
        await using TestApi api = await StartAsync();
        _server.RespondWith(400, "{\"error\":\"invalid_request\"}", calls: 20);
        for (int request = 0; request < 20; request++)
            await GetAsync(api, $"garbage{request}");

        HealthReportEntry health = await CheckAsync(api);

        Assert.Equal(HealthStatus.Healthy, health.Status);
    }

    [Fact]
    public async Task A_hanging_server_delays_one_check_by_Timeout_and_the_next_one_not_at_all()
    {
        await using TestApi api = await StartAsync();
        using HeldResponses held = _server.HoldResponses();

        Task<HealthReportEntry> first = CheckAsync(api);
        await held.WaitForCallsAsync(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        HealthReportEntry gaveUp = await first;
        HealthReportEntry second = await CheckAsync(api);

        Assert.Equal([HealthStatus.Unhealthy, HealthStatus.Unhealthy], [gaveUp.Status, second.Status]);
        Assert.Equal("timeout", second.Data["error.type"]);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_cancelled_check_does_not_cancel_the_probe_of_other_checks()
    {
        await using TestApi api = await StartAsync();
        using HeldResponses held = _server.HoldResponses();
        using var watcher = new CancellationTokenSource();

        Task<HealthReportEntry> leaving = CheckAsync(api, watcher.Token);
        await held.WaitForCallsAsync(1);
        Task<HealthReportEntry> staying = CheckAsync(api);
        await watcher.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        held.Release();

        Assert.Equal(HealthStatus.Healthy, (await staying).Status);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_probe_honors_RetryAfter_and_the_circuit_breaker_and_can_close_the_circuit()
    {
        await using TestApi api = await StartAsync();
        _server.Disconnect();
        for (int request = 0; request < 10; request++)
            await GetAsync(api, $"failing{request}");
        int calls = _server.CallCount;

        HealthReportEntry open = await CheckAsync(api);
        int callsWhileOpen = _server.CallCount - calls;
        _server.ResetBehavior();
        _time.Advance(TimeSpan.FromSeconds(6));
        HealthReportEntry closed = await CheckAsync(api);

        Assert.Equal("circuit_open", open.Data["error.type"]);
        Assert.Equal(0, callsWhileOpen);
        Assert.Equal(HealthStatus.Healthy, closed.Status);
        Assert.Contains(api.Log.Entries, entry => entry.Event.Name == "CircuitClosed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_earlier_response_does_not_count_once_calls_are_suspended(bool opensTheCircuit)
    {
        await using TestApi api = await StartAsync();
        await GetAsync(api, "unknown");
        _server.RespondWith(503, headers: opensTheCircuit ? [] : [new("Retry-After", "20")]);
        for (int request = 0; request < 20; request++)
            await GetAsync(api, $"failing{request}");
        int calls = _server.CallCount;

        HealthReportEntry health = await CheckAsync(api);

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal(opensTheCircuit ? "circuit_open" : "retry_after", health.Data["error.type"]);
        Assert.Equal(calls, _server.CallCount);
    }

    [Fact]
    public async Task The_token_of_a_probe_is_not_cached_logged_or_measured()
    {
        await using TestApi api = await StartAsync();
        using var metrics = new MeasurementRecorder(api.Services);

        HealthReportEntry health = await CheckAsync(api);

        string token = Assert.Single(_server.Calls).Token!;
        Assert.Equal(32, token.Length);
        Assert.Empty(metrics.Observe(OAuthIntrospectionTelemetry.CacheEntries));
        Assert.DoesNotContain(token, api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(metrics.Measurements, it => it.Tags.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(token, health.Description + string.Join(' ', health.Data.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_in_the_introspecting_event_is_unhealthy()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnIntrospecting = _ => throw new InvalidOperationException("the user's own")
        );

        HealthReportEntry health = await CheckAsync(api);

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal("the user's own", health.Exception!.Message);
        Assert.Equal("System.InvalidOperationException", health.Data["error.type"]);
    }

    [Fact]
    public async Task The_worst_of_several_schemes_is_reported_and_a_check_can_name_one_scheme()
    {
        await using TestApi api = await StartAsync(
            services =>
            {
                services
                    .AddAuthentication()
                    .AddOAuthIntrospection("good", _ => { })
                    .AddOAuthIntrospection(
                        "bad",
                        options =>
                            options.Events.OnIntrospecting = context =>
                            {
                                context.Request.Headers.Authorization = null;
                                return Task.CompletedTask;
                            }
                    );
                services
                    .AddHealthChecks()
                    .AddOAuthIntrospection()
                    .AddOAuthIntrospection("good alone", "good")
                    .AddOAuthIntrospection("bad alone", "bad", HealthStatus.Degraded, ["ready"]);
            },
            "good",
            "bad"
        );

        HealthReport report = await api.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["oauth_introspection"].Status);
        Assert.StartsWith(
            "Scheme bad: the authorization server rejects",
            report.Entries["oauth_introspection"].Description,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("good", report.Entries["oauth_introspection"].Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, report.Entries["good alone"].Status);
        Assert.Equal(HealthStatus.Degraded, report.Entries["bad alone"].Status);
        Assert.Equal(["ready"], report.Entries["bad alone"].Tags);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task Adding_a_check_twice_adds_it_once()
    {
        await using TestApi api = await StartAsync(
            services =>
            {
                services.AddHealthChecks().AddOAuthIntrospection().AddOAuthIntrospection();
                services.AddAuthentication().AddOAuthIntrospection();
            },
            OAuthIntrospectionDefaults.AuthenticationScheme
        );

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(api)).Status);
    }

    [Theory]
    [InlineData(null, "There is none: call AddAuthentication().AddOAuthIntrospection(…) first.")]
    [InlineData("other", "The health check: 'other' is not the name of an introspection scheme. There is: OAuthIntrospection.")]
    public async Task A_check_without_a_scheme_says_how_to_fix_it(string? scheme, string says)
    {
        await using TestApi api = await StartAsync(
            services =>
            {
                if (scheme is not null)
                    services.AddAuthentication().AddOAuthIntrospection();
                services.AddHealthChecks().AddOAuthIntrospection(scheme: scheme);
            },
            scheme is null ? [] : ["OAuthIntrospection"]
        );

        HealthReportEntry health = await CheckAsync(api);

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.EndsWith(says, health.Exception!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interval_of_zero_is_rejected() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            "interval",
            () => new ServiceCollection().AddHealthChecks().AddOAuthIntrospection(interval: TimeSpan.Zero)
        );

    private static async Task GetAsync(TestApi api, string token) => (await api.GetAsync("/read", token)).Dispose();

    private static async Task<HealthReportEntry> CheckAsync(TestApi api, CancellationToken cancellationToken = default) =>
        (await api.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(cancellationToken)).Entries["oauth_introspection"];

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        StartAsync(
            services =>
            {
                services.AddAuthentication().AddOAuthIntrospection(options => configure?.Invoke(options));
                services.AddHealthChecks().AddOAuthIntrospection();
            },
            OAuthIntrospectionDefaults.AuthenticationScheme
        );

    private Task<TestApi> StartAsync(Action<IServiceCollection> services, params string[] schemes) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Time = _time,
                Schemes = schemes,
                Services = services,
            }
        );
}
