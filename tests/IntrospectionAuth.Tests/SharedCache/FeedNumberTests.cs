using System.Net;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A feed whose numbers go down: the engine has lost it, or someone else writes to the engine.</summary>
public sealed class FeedNumberTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_removal_after_the_numbers_went_down_concerns_entries_from_before()
    {
        await using FleetNode node = await StartAsync();
        await using FleetNode other = await StartAsync();
        (string token, string key, byte[] entry) = await ShareAsync(node);

        _engine.LoseFeeds(isLower: true);
        await ReadAgainAsync(node, other);
        node.Cache.RemoveSubject("user-1");
        await _engine.Messages.WaitForAsync(static _ => true);
        await ReadAgainAsync(node, other);
        _engine.Set(key, entry, TimeSpan.FromHours(1));
        await using FleetNode late = await StartAsync();

        foreach (FleetNode each in (FleetNode[])[node, other, late])
            await each.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_node_that_has_read_higher_numbers_than_the_one_that_has_restarted_them_restarts_them_again()
    {
        await using FleetNode node = await StartAsync();
        (string token, string key, byte[] entry) = await ShareAsync(node);
        node.Engine.Fail("read");
        _engine.LoseFeeds(isLower: true);
        await using FleetNode late = await StartAsync(); // it knows the lower numbers alone
        late.Engine.Fail("read");
        _engine.LoseFeeds(isLower: true);
        node.Engine.Fail("restart");
        await node.Engine.Operations.WaitForAsync(static it => it.Operation == "restart");

        late.Engine.Heal();
        await ReadAgainAsync(late);
        node.Engine.Heal();
        await ReadAgainAsync(node, late);
        late.Cache.RemoveSubject("user-1");
        await _engine.Messages.WaitForAsync(static _ => true);
        await ReadAgainAsync(node, late);
        _engine.Set(key, entry, TimeSpan.FromHours(1));

        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await late.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        Assert.True(_engine.Position(Assert.Single(_engine.FeedNames)) > 1_000_000); // where it began
    }

    [Fact]
    public async Task An_entry_with_a_number_that_the_feed_has_not_reached_is_not_used()
    {
        string token;
        await using (FleetNode node = await StartAsync())
            (token, _, _) = await ShareAsync(node);
        _engine.LoseFeeds(isLower: true); // and no node is left that knows a higher number

        await using FleetNode late = await StartAsync();

        await late.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_entry_of_a_node_that_has_read_a_little_further_is_used()
    {
        await using FleetNode node = await StartAsync();
        await using FleetNode other = await StartAsync();
        other.Engine.Fail("read");
        node.Cache.RemoveSubject("another");
        await _engine.Messages.WaitForAsync(static _ => true);
        await node.ReadAgainAsync();
        (string token, _, _) = await ShareAsync(node);

        await other.AssertStatusAsync(token, HttpStatusCode.OK);
    }

    private Task<FleetNode> StartAsync() => FleetNode.StartAsync(_server, _engine);

    /// <summary>Has every node read the feed, restart it if it must, and read it again.</summary>
    private static async Task ReadAgainAsync(params FleetNode[] nodes)
    {
        for (int i = 0; i < 2; i++)
        {
            foreach (FleetNode node in nodes)
                await node.ReadAgainAsync();
        }
    }

    /// <summary>Has the node obtain and share a response, which the server would not give again.</summary>
    private async Task<(string Token, string Key, byte[] Entry)> ShareAsync(FleetNode node)
    {
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        await _engine.WaitForReturnedLeasesAsync(1);
        _server.Revoke(token);
        (string key, byte[] entry) = Assert.Single(_engine.Values('e'));
        return (token, key, entry);
    }
}
