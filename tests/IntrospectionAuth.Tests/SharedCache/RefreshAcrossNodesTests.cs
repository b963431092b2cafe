using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A background refresh is made by one node, and the others use its result.</summary>
public sealed class RefreshAcrossNodesTests : IAsyncDisposable
{
    private static readonly TimeSpan s_refreshAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(50); // between two looks at the shared cache

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly InMemoryFleetEngine _engine;

    public RefreshAcrossNodesTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _engine = new InMemoryFleetEngine(_time);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_refresh_of_one_node_serves_the_others()
    {
        await using FleetNode first = await StartAsync();
        await using FleetNode second = await StartAsync();
        string token = await UseOnAsync(first, second);

        _time.Advance(s_refreshAfter);
        ChangeResponse(token);
        await RefreshAsync(first, token);
        await _engine.WaitForEntriesAsync(2);
        await RefreshAsync(second, token);

        Assert.Equal(2, _server.CallCount);
        await second.Api.AssertStatusAsync("/write", token, HttpStatusCode.OK);
        await RefreshAsync(second, token); // none is due
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task Refreshes_that_are_due_on_three_nodes_at_the_same_time_make_one_call()
    {
        await using FleetNode first = await StartAsync();
        await using FleetNode second = await StartAsync();
        await using FleetNode third = await StartAsync();
        FleetNode[] nodes = [first, second, third];
        string token = await UseOnAsync(nodes);
        using HeldResponses held = _server.HoldResponses();

        _time.Advance(s_refreshAfter);
        ChangeResponse(token);
        foreach (FleetNode node in nodes)
            await node.AssertStatusAsync(token, HttpStatusCode.OK); // no request waits
        await held.WaitForCallsAsync(1);
        held.Release();
        await _engine.WaitForEntriesAsync(2); // shared before the clock moves, and with it the end of the lease
        await AdvanceUntilAsync(Task.WhenAll(nodes.Select(static node => node.Api.IdleAsync())));

        Assert.Equal(2, _server.CallCount);
        foreach (FleetNode node in nodes)
            await node.Api.AssertStatusAsync("/write", token, HttpStatusCode.OK);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task A_token_that_one_node_finds_inactive_in_the_background_is_removed_from_all()
    {
        await using FleetNode first = await StartAsync();
        await using FleetNode second = await StartAsync();
        string token = await UseOnAsync(first, second);
        _server.Revoke(token);

        _time.Advance(s_refreshAfter);
        await RefreshAsync(first, token);
        await second.Removals.WaitForAsync(static _ => true);
        await _engine.WaitForReturnedLeasesAsync(2);

        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await _engine.WaitForReturnedLeasesAsync(3);
        await first.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Each_node_refreshes_for_itself_while_the_engine_fails()
    {
        await using FleetNode first = await StartAsync();
        await using FleetNode second = await StartAsync();
        string token = await UseOnAsync(first, second);
        first.Engine.Fail();
        second.Engine.Fail();

        _time.Advance(s_refreshAfter);
        await RefreshAsync(first, token);
        await RefreshAsync(second, token);

        Assert.Equal(3, _server.CallCount);
    }

    private Task<FleetNode> StartAsync() =>
        FleetNode.StartAsync(_server, _engine, FleetNode.Patient + (static options => options.Cache.RefreshAfter = s_refreshAfter), _time);

    private static async Task RefreshAsync(FleetNode node, string token)
    {
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await node.Api.IdleAsync();
    }

    private async Task<string> UseOnAsync(params FleetNode[] nodes)
    {
        string token = _server.IssueToken("read");
        await nodes[0].AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        await _engine.WaitForReturnedLeasesAsync(1);
        foreach (FleetNode node in nodes)
            await node.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);
        return token;
    }

    /// <summary>Issues the token again, so that a later response is another one.</summary>
    private void ChangeResponse(string token) =>
        _server.IssueToken(it =>
        {
            it.Value = token;
            it.Scopes = ["read", "write"];
        });

    private async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            int timers = _time.Timers.Count();
            _time.Advance(s_longestPause);
            await Task.WhenAny(task, _time.WaitForTimersAsync(TimeSpan.Zero, TimeSpan.MaxValue, timers + 1));
        }

        await task;
    }
}
