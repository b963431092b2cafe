using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A node that could not read the feed of removals for FeedPatience, 10 seconds here.</summary>
public sealed class FeedLossTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly InMemoryFleetEngine _engine;

    public FeedLossTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _engine = new InMemoryFleetEngine(_time);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task It_uses_its_memory_until_then_and_asks_afterwards()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine, time: _time);
        string token = await UseAsync(node, entries: 1);
        node.Engine.Fail("read");

        _time.Advance(s_patience - TimeSpan.FromSeconds(1));
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromSeconds(1));

        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task When_it_reads_the_feed_again_it_uses_nothing_from_before()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine, time: _time);
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine, time: _time);
        string inMemory = await UseAsync(node, entries: 1),
            shared = await UseAsync(other, entries: 2);
        node.Engine.Fail("read");
        _time.Advance(s_patience);

        node.Engine.Heal();
        node.Engine.Notify();
        await node.Removals.WaitForAsync(static _ => true);

        await node.AssertStatusAsync(inMemory, HttpStatusCode.Unauthorized);
        await node.AssertStatusAsync(shared, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(3600)]
    public async Task A_clock_that_is_set_back_meanwhile_makes_that_time_no_longer_for_a_response_from_then(int seconds)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine, time: _time);
        node.Engine.Fail("read");
        _time.SetBack(TimeSpan.FromSeconds(seconds));
        string token = await UseAsync(node, entries: 1);

        _time.Advance(s_patience - TimeSpan.FromSeconds(1));
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromSeconds(1));

        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_node_that_starts_meanwhile_uses_nothing_from_before_its_first_reading()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine, time: _time, fault: static it => it.Fail("read"));
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine, time: _time);
        string inMemory = _server.IssueToken("read");
        await node.AssertStatusAsync(inMemory, HttpStatusCode.OK);
        _server.Revoke(inMemory);
        string shared = await UseAsync(other, entries: 1);
        _time.Advance(s_patience);

        node.Engine.Heal();
        node.Engine.Notify();
        await node.Removals.WaitForAsync(static _ => true);

        await node.AssertStatusAsync(inMemory, HttpStatusCode.Unauthorized);
        await node.AssertStatusAsync(shared, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1L << 62)]
    [InlineData(long.MaxValue)]
    public async Task A_feed_with_a_number_that_no_node_gives_cannot_be_read_until_it_is_deleted(long number)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine, time: _time);
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);

        _engine.SetPosition(number);
        await node.ReadAgainAsync();
        Assert.Equal(1, node.Api.Log.Count("SharedCacheFails"));
        Assert.Contains(node.Fleet.Secrets[0].FeedName, node.Api.Log.Entries.Single(it => it.Event.Name == "SharedCacheFails").Text);
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        _time.Advance(s_patience);
        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);

        _engine.LoseFeeds();
        node.Engine.Notify();
        await node.Api.Log.WaitForAsync("SharedCacheWorks");
    }

    /// <summary>Has the node obtain and share a response, which the server would not give again.</summary>
    private async Task<string> UseAsync(FleetNode node, int entries)
    {
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(entries);
        await _engine.WaitForReturnedLeasesAsync(entries);
        _server.Revoke(token);
        return token;
    }
}
