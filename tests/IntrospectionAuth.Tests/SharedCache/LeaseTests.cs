using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A node waits for the response that another node is obtaining.</summary>
public sealed class LeaseTests : IAsyncDisposable
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_extendedEvery = TimeSpan.FromMilliseconds(350);
    private static readonly TimeSpan s_feedInterval = TimeSpan.FromMilliseconds(300);

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine;

    public LeaseTests() => _engine = new(_time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_node_waits_for_the_response_while_the_other_node_works()
    {
        await using FleetNode first = await StartAsync();
        await using FleetNode second = await StartAsync();
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();
        Task holding = first.AssertStatusAsync(token, HttpStatusCode.OK);
        await held.WaitForCallsAsync(1);

        Task waiting = second.AssertStatusAsync(token, HttpStatusCode.OK);
        for (int extensions = 1; extensions <= 10; extensions++)
        {
            await PassAsync(waiting, s_extendedEvery);
            await _engine.Writes.WaitForAsync(static it => it.Key.StartsWith("ia:l:", StringComparison.Ordinal), 1 + extensions);
        }

        Assert.False(waiting.IsCompleted);
        held.Release();
        await holding;
        await _engine.WaitForEntriesAsync(1);
        await PassAsync(waiting, TimeSpan.FromMinutes(1));
        await waiting;

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_node_asks_about_a_second_after_the_other_node_failed()
    {
        await using FleetNode first = await StartAsync();
        await using FleetNode second = await StartAsync();
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();
        Task holding = first.AssertStatusAsync(token, HttpStatusCode.OK);
        await held.WaitForCallsAsync(1);

        first.Engine.Fail(); // as if its process had ended
        DateTimeOffset failed = _time.GetUtcNow();
        Task waiting = second.AssertStatusAsync(token, HttpStatusCode.OK);
        Task asked = held.WaitForCallsAsync(2);
        await PassAsync(asked, TimeSpan.FromMinutes(1));
        await asked;
        TimeSpan waited = _time.GetUtcNow() - failed;
        held.Release();
        await waiting;
        await holding;

        Assert.InRange(waited, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.1));
    }

    [Fact]
    public async Task A_server_that_hangs_is_blamed_by_a_node_that_waited_for_another_one_as_well()
    {
        static void Configure(OAuthIntrospectionOptions options)
        {
            FleetNode.Patient(options);
            options.Timeout = TimeSpan.FromSeconds(5.01); // half of it lies between two steps of the clock
            options.Cache.StaleIfUnavailable = TimeSpan.FromHours(1);
        }

        await using FleetNode first = await StartAsync(Configure);
        await using FleetNode second = await StartAsync(Configure);
        string token = _server.IssueToken("read");
        await first.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromMinutes(6)); // the response is stale on both nodes
        using HeldResponses held = _server.HoldResponses();
        Task holding = first.AssertStatusAsync(token, HttpStatusCode.OK);
        await held.WaitForCallsAsync(1);

        Task waiting = second.AssertStatusAsync(token, HttpStatusCode.OK); // the stale response
        Task asked = held.WaitForCallsAsync(2);
        await PassAsync(asked, TimeSpan.FromMinutes(1));
        await asked;
        _time.Advance(TimeSpan.FromSeconds(5.01));

        await holding;
        await waiting;
        await second.Api.Log.WaitForAsync("TimedOut");
    }

    [Fact]
    public async Task A_node_that_stops_does_not_wait()
    {
        await using FleetNode first = await StartAsync();
        FleetNode second = await StartAsync();
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();
        Task holding = first.AssertStatusAsync(token, HttpStatusCode.OK);
        await held.WaitForCallsAsync(1);
        Task<HttpResponseMessage> waiting = second.Api.GetAsync("/read", token);
        await _time.WaitForTimersAsync(s_shortestPause, s_longestPause, 1);

        await second.DisposeAsync(); // no time passes

        await Task.WhenAny(waiting);
        Assert.Equal(1, _server.CallCount);
        held.Release();
        await holding;
    }

    /// <summary>Lets time pass, one pause of the waiting node after the other, until it has passed or the task has ended.</summary>
    private async Task PassAsync(Task task, TimeSpan duration)
    {
        DateTimeOffset end = _time.GetUtcNow() + duration;
        for (int pauses = CountPauses(); _time.GetUtcNow() < end && !task.IsCompleted; pauses++)
        {
            Task next = _time.WaitForTimersAsync(s_shortestPause, s_longestPause, pauses + 1);
            _time.Advance(s_longestPause);
            await Task.WhenAny(task, next);
        }
    }

    private int CountPauses() => _time.Timers.Count(static it => it >= s_shortestPause && it <= s_longestPause);

    private async Task<FleetNode> StartAsync(Action<OAuthIntrospectionOptions>? configure = null)
    {
        int readings = _time.CountTimers(s_feedInterval);
        FleetNode node = await FleetNode.StartAsync(_server, _engine, configure, _time);
        await _time.WaitForTimersAsync(s_feedInterval, readings + 1); // the feed was read
        return node;
    }
}
