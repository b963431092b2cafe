using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Calls;

public sealed class BackgroundRefreshTests : IAsyncDisposable
{
    private static readonly TimeSpan s_refreshAfter = TimeSpan.FromMinutes(5);

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly string _token;

    public BackgroundRefreshTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _token = _server.IssueToken("read");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_token_in_use_is_refreshed_while_no_request_waits()
    {
        await using TestApi api = await StartWithEntryAsync();
        using HeldResponses held = _server.HoldResponses();

        _time.Advance(s_refreshAfter);
        await api.AssertStatusAsync(_token, HttpStatusCode.OK); // while the server holds its response
        await held.WaitForCallsAsync(1);

        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task An_entry_younger_than_RefreshAfter_is_not_refreshed()
    {
        await using TestApi api = await StartWithEntryAsync();

        await UseAsync(api, (s_refreshAfter * 0.9) - TimeSpan.FromSeconds(1)); // ages are shortened by a tenth at most

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task An_unused_entry_is_not_refreshed()
    {
        await using TestApi api = await StartWithEntryAsync();

        _time.Advance(TimeSpan.FromMinutes(50));
        await api.IdleAsync();

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_token_is_refreshed_by_one_call_regardless_of_how_many_requests_use_it()
    {
        await using TestApi api = await StartWithEntryAsync();
        using HeldResponses held = _server.HoldResponses();

        _time.Advance(s_refreshAfter);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => api.AssertStatusAsync(_token, HttpStatusCode.OK)));
        await held.WaitForCallsAsync(1);
        held.Release();
        await api.IdleAsync();

        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task A_refreshed_entry_serves_until_its_own_refresh_is_due()
    {
        await using TestApi api = await StartWithEntryAsync();

        for (int refresh = 1; refresh <= 5; refresh++)
        {
            _time.Advance(s_refreshAfter);
            for (int use = 0; use < 3; use++)
                await api.AssertStatusAsync(_token, HttpStatusCode.OK);
            await api.IdleAsync();

            Assert.Equal(1 + refresh, _server.CallCount);
        }
    }

    [Fact]
    public async Task A_token_that_a_refresh_finds_inactive_is_rejected_afterwards()
    {
        await using TestApi api = await StartWithEntryAsync();
        _server.Revoke(_token);

        await UseAsync(api, s_refreshAfter);

        await api.AssertStatusAsync(_token, HttpStatusCode.Unauthorized);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task A_token_that_a_refresh_finds_inactive_is_rejected_even_when_inactive_responses_are_not_cached()
    {
        await using TestApi api = await StartWithEntryAsync(options => options.Cache.InactiveAge = TimeSpan.Zero);
        _server.Revoke(_token);

        await UseAsync(api, s_refreshAfter);

        await api.AssertStatusAsync(_token, HttpStatusCode.Unauthorized);
        Assert.Equal(3, _server.CallCount);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(401)]
    [InlineData(0)]
    public async Task While_the_server_is_unavailable_the_entry_serves_until_exp(int status)
    {
        await using TestApi api = await StartWithEntryAsync();
        if (status == 0)
            _server.Disconnect();
        else
            _server.RespondWith(status);

        for (int minute = 1; minute < 60; minute++)
            await UseAsync(api, TimeSpan.FromMinutes(1));

        Assert.True(_server.CallCount > 1, "refreshes were tried");
        _time.Advance(TimeSpan.FromMinutes(1));
        await api.AssertStatusAsync(_token, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task While_the_server_is_unavailable_the_entry_serves_until_MaximumAge()
    {
        await using TestApi api = await StartWithEntryAsync(options => options.Cache.MaximumAge = TimeSpan.FromMinutes(20));
        _server.RespondWith(500);

        await UseAsync(api, TimeSpan.FromMinutes(17));

        _time.Advance(TimeSpan.FromMinutes(3));
        await api.AssertStatusAsync(_token, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_failed_refresh_is_not_repeated_with_every_request()
    {
        await using TestApi api = await StartWithEntryAsync();
        _server.RespondWith(500);
        _time.Advance(s_refreshAfter);

        for (int request = 0; request < 20; request++)
            await UseAsync(api);

        Assert.Equal(2, _server.CallCount);

        await UseAsync(api, TimeSpan.FromSeconds(5));
        Assert.Equal(3, _server.CallCount);
    }

    [Fact]
    public async Task A_refresh_that_failed_while_the_clock_was_ahead_is_repeated_soon_after_the_clock_is_set_back()
    {
        await using TestApi api = await StartWithEntryAsync();
        _server.RespondWith(500);
        await UseAsync(api, TimeSpan.FromMinutes(30)); // the clock is ahead, and the refresh fails
        _time.SetBack(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        _server.ResetBehavior();
        _server.Revoke(_token);

        await UseAsync(api, s_refreshAfter + TimeSpan.FromMinutes(1));

        await api.AssertStatusAsync(_token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_refresh_with_no_store_removes_the_entry_when_Cache_Control_is_honored()
    {
        await using TestApi api = await StartWithEntryAsync(options => options.Cache.HonorCacheControl = true);
        _server.RespondWith(async context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            await _server.RespondNormallyAsync(context);
        });

        await UseAsync(api, s_refreshAfter);
        await api.AssertStatusAsync(_token, HttpStatusCode.OK);

        Assert.Equal(3, _server.CallCount);
    }

    [Fact]
    public async Task RefreshAfter_zero_turns_background_refresh_off()
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.Cache.RefreshAfter = TimeSpan.Zero, _time);

        for (int minute = 0; minute < 60; minute++)
        {
            await UseAsync(api);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task At_most_a_quarter_of_the_concurrent_calls_are_refreshes()
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.Resilience.MaximumConcurrentCalls = 8, _time);
        string[] tokens = [.. Enumerable.Range(0, 20).Select(_ => _server.IssueToken("read"))];
        foreach (string token in tokens)
            await api.AssertStatusAsync(token, HttpStatusCode.OK);
        using HeldResponses held = _server.HoldResponses();

        _time.Advance(s_refreshAfter);
        foreach (string token in tokens)
            await api.AssertStatusAsync(token, HttpStatusCode.OK);
        await held.WaitForCallsAsync(2);
        Task<HttpResponseMessage> other = api.GetAsync("/read", _server.IssueToken("read"));
        await held.WaitForCallsAsync(3); // a place is left for requests that wait

        Assert.Equal(3, held.CallCount);

        held.Release();
        using HttpResponseMessage response = await other;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await api.IdleAsync();
        foreach (string token in tokens)
            await api.AssertStatusAsync(token, HttpStatusCode.OK);
        await _server.WaitForCallsAsync(20 + 1 + 2 + 1); // the other refreshes follow
    }

    [Fact]
    public async Task Refreshes_that_calls_of_requests_make_needless_take_no_place_of_other_refreshes()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                    services.AddAuthentication().AddOAuthIntrospection(options => options.Resilience.MaximumConcurrentCalls = 8),
                Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.FromSeconds(1)),
                Time = _time,
            }
        );
        string[] asked = [_server.IssueToken("read"), _server.IssueToken("read")];
        foreach (string token in asked.Append(_token))
            await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _time.Advance(s_refreshAfter);
        HeldResponses held = _server.HoldResponses();
        Task<HttpResponseMessage>[] requests = [.. asked.Select(token => api.GetAsync("/now", token))];
        await held.WaitForCallsAsync(2);

        foreach (string token in asked.Append(_token))
            await api.AssertStatusAsync(token, HttpStatusCode.OK);
        held.Release();
        foreach (Task<HttpResponseMessage> request in requests)
            (await request).Dispose();
        await api.IdleAsync();

        Assert.Equal(3 + 2 + 1, _server.CallCount);
    }

    [Fact]
    public async Task A_refresh_has_no_context_of_the_request_that_began_it()
    {
        var local = new AsyncLocal<string>();
        var seen = new List<string?>();
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddHttpContextAccessor();
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                            options.Events.OnIntrospecting = _ =>
                            {
                                seen.Add($"{local.Value} {new HttpContextAccessor().HttpContext}");
                                return Task.CompletedTask;
                            }
                        );
                },
                Time = _time,
            }
        );
        await api.AssertStatusAsync(_token, HttpStatusCode.OK);

        _time.Advance(s_refreshAfter);
        local.Value = "of the request";
        await api.AssertStatusAsync(_token, HttpStatusCode.OK);
        await _server.WaitForCallsAsync(2);

        Assert.Equal([" ", " "], seen);
    }

    [Fact]
    public async Task A_caller_that_disconnects_does_not_cancel_a_refresh()
    {
        await using TestApi api = await StartWithEntryAsync();
        _server.Revoke(_token);
        using HeldResponses held = _server.HoldResponses();
        using var caller = new CancellationTokenSource();

        _time.Advance(s_refreshAfter);
        using (await api.GetAsync("/read", _token, caller.Token))
            await caller.CancelAsync();
        await held.WaitForCallsAsync(1);
        held.Release();
        await api.IdleAsync();

        await api.AssertStatusAsync(_token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_refresh_ends_with_the_application_without_a_warning()
    {
        LogRecorder log;
        await using (TestApi api = await StartWithEntryAsync())
        {
            log = api.Log;
            _server.NeverRespond();

            _time.Advance(s_refreshAfter);
            await api.AssertStatusAsync(_token, HttpStatusCode.OK);
            await _server.WaitForCallsAsync(2);
        }

        Assert.DoesNotContain(log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task An_exception_of_an_event_handler_during_a_refresh_is_logged_and_the_entry_still_serves()
    {
        bool throws = false;
        await using TestApi api = await StartWithEntryAsync(options =>
            options.Events.OnIntrospecting = _ =>
                throws ? throw new InvalidOperationException("The handler's own fault.") : Task.CompletedTask
        );
        throws = true;

        _time.Advance(s_refreshAfter);
        await api.AssertStatusAsync(_token, HttpStatusCode.OK);
        await api.Log.WaitForAsync("RefreshFailed");

        await api.AssertStatusAsync(_token, HttpStatusCode.OK);
        Assert.Contains("The handler's own fault.", api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inactive_entries_are_not_refreshed()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
            {
                options.Cache.InactiveAge = TimeSpan.FromHours(1);
                options.Cache.RefreshAfter = TimeSpan.FromSeconds(1);
            },
            _time
        );
        await api.AssertStatusAsync("invalid", HttpStatusCode.Unauthorized);

        _time.Advance(TimeSpan.FromMinutes(1));
        await api.AssertStatusAsync("invalid", HttpStatusCode.Unauthorized);
        await api.IdleAsync();

        Assert.Equal(1, _server.CallCount);
    }

    /// <summary>Starts an API that has a cache entry of the token.</summary>
    private async Task<TestApi> StartWithEntryAsync(Action<OAuthIntrospectionOptions>? configure = null)
    {
        TestApi api = await TestApi.StartAsync(_server, configure, _time);
        await api.AssertStatusAsync(_token, HttpStatusCode.OK);
        return api;
    }

    /// <summary>The token is accepted after the time has passed, and the refresh that this begins ends.</summary>
    private async Task UseAsync(TestApi api, TimeSpan later = default)
    {
        _time.Advance(later);
        await api.AssertStatusAsync(_token, HttpStatusCode.OK);
        await api.IdleAsync();
    }
}
