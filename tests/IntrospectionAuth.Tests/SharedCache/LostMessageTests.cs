using System.Net;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>An engine loses messages of the feed after it has accepted them, as in a failover.</summary>
public sealed class LostMessageTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("latest messages")]
    [InlineData("feed")]
    [InlineData("everything")]
    public async Task A_removal_that_the_engine_has_lost_is_appended_again(string lost)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        (string key, byte[] entry) = Assert.Single(_engine.Values('e'));
        _server.Revoke(token);
        node.Cache.RemoveSubject("user-1");
        await _engine.Messages.WaitForAsync(static _ => true);
        await node.Engine.CatchUpAsync();

        if (lost == "latest messages")
            _engine.LoseLatestMessages(1);
        else if (lost == "feed")
            _engine.LoseFeeds();
        else
            _engine.Flush();
        node.Engine.Notify();
        await _engine.Messages.WaitForAsync(message => Removes(message, node), 2);
        _engine.Set(key, entry, TimeSpan.FromHours(1));

        await using FleetNode late = await FleetNode.StartAsync(_server, _engine);
        foreach (FleetNode each in (FleetNode[])[node, other, late])
            await each.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    private static bool Removes(byte[] message, FleetNode node) =>
        RemovalMessage.Open(message, node.Fleet.Secrets[0])!.Any(static removal => removal.Value == "user-1");
}
