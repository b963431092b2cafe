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
