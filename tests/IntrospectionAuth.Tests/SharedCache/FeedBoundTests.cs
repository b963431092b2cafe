using System.Net;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>The feed of removals and its messages have limits, and nothing that was removed is used beyond them.</summary>
public sealed class FeedBoundTests : IAsyncDisposable
{
    private const int Capacity = 10_000;

    private static readonly FleetSecret s_secret = new(Convert.FromBase64String(FleetNode.Secret));

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_feed_keeps_10000_messages()
    {
        byte[] marker = RemovalMessage.Seal([], s_secret);
        for (int i = 0; i < Capacity; i++)
            _engine.Append(s_secret.FeedName, marker);
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);

        node.Cache.RemoveSubject("user");
        await _engine.Messages.WaitForAsync(static _ => true, Capacity + 1);

        Assert.Equal(Capacity, _engine.Read(s_secret.FeedName, previous: null).Messages.Count);
    }

    [Fact]
    public async Task A_node_that_starts_when_the_feed_is_full_uses_no_entry_that_it_cannot_compare()
    {
        string token = _server.IssueToken("read");
        await using (FleetNode node = await FleetNode.StartAsync(_server, _engine))
        {
            await node.AssertStatusAsync(token, HttpStatusCode.OK);
            await _engine.WaitForEntriesAsync(1);
        }

        _server.Revoke(token);
        for (int i = 0; i <= Capacity; i++)
            _engine.Append(s_secret.FeedName, RemovalMessage.Seal([], s_secret), Capacity);
        await using FleetNode late = await FleetNode.StartAsync(_server, _engine);

        await late.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Removals_that_wait_for_the_engine_are_appended_in_messages_of_100_removals_and_16_KiB()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        node.Engine.Fail("append");
        for (int i = 0; i < 250; i++)
            node.Cache.RemoveSubject($"user {i}");
        for (int i = 0; i < 64; i++)
            node.Cache.RemoveSession($"{i:0000}{new string('x', 1020)}");

        node.Engine.Heal();
        node.Engine.Notify();
        await _engine.Messages.WaitForAsync(static _ => true, 7);

        Assert.All(_engine.Messages, static message => Assert.InRange(message.Length, 1, 17 * 1024));
        int[] removals = [.. _engine.Messages.Select(static message => RemovalMessage.Open(message, s_secret)!.Count)];
        Assert.Equal(250 + 64, removals.Sum());
        Assert.All(removals, static count => Assert.InRange(count, 1, 100));
    }

    [Fact]
    public async Task A_long_value_alone_is_one_message()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string subject = new('x', 60_000);
        string token = _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Subject = subject;
        });
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
        await other.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);

        node.Cache.RemoveSubject(subject);
        await _engine.Messages.WaitForAsync(static _ => true);
        await other.Engine.CatchUpAsync();

        await other.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_value_that_is_too_long_for_a_message_removes_everything()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
        string token = _server.IssueToken("read");
        await other.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);

        node.Cache.RemoveSubject(new string('x', 70_000));
        await _engine.Messages.WaitForAsync(static _ => true);
        await other.Engine.CatchUpAsync();

        await other.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }
}
