using System.Net;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.SharedCache;

public sealed class RemovalAcrossNodesTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("token")]
    [InlineData("sub")]
    [InlineData("sid")]
    [InlineData("client_id")]
    [InlineData("org_id")]
    [InlineData("workspace_id")]
    public async Task A_removal_takes_effect_in_the_memory_and_the_shared_entries_of_every_node(string kind)
    {
        await using FleetNode first = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine);
        string token = Issue(kind, "meant"),
            other = Issue(kind, "other");
        await first.AssertStatusAsync(token, HttpStatusCode.OK);
        await first.AssertStatusAsync(other, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(2);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        await second.AssertStatusAsync(other, HttpStatusCode.OK);
        _server.Revoke(token);
        _server.Revoke(other);

        Remove(first.Cache, kind, token);
        await _engine.Messages.WaitForAsync(static _ => true);
        await second.Engine.CatchUpAsync();
        await using FleetNode third = await FleetNode.StartAsync(_server, _engine);

        await first.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await third.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await second.AssertStatusAsync(other, HttpStatusCode.OK);
        await third.AssertStatusAsync(other, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_removal_by_a_mapped_member_takes_effect_on_shared_entries()
    {
        await using FleetNode first = await FleetNode.StartAsync(_server, _engine, Map);
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine, Map);
        string token = Issue("user", "meant");
        await first.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        _server.Revoke(token);

        first.Cache.RemoveSubject("meant");
        await _engine.Messages.WaitForAsync(static _ => true);
        await second.Engine.CatchUpAsync();

        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);

        static void Map(OAuthIntrospectionOptions options) => options.ClaimMappings["user"] = "sub";
    }

    [Fact]
    public async Task A_call_in_flight_on_another_node_brings_nothing_back()
    {
        await using FleetNode first = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine);
        string token = Issue("sub", "meant");
        using HeldResponses held = _server.HoldResponses();
        Task<HttpResponseMessage> request = second.Api.GetAsync("/read", token);
        await held.WaitForCallsAsync(1);

        first.Cache.RemoveSubject("meant");
        await _engine.Messages.WaitForAsync(static _ => true);
        await second.Engine.CatchUpAsync();
        held.Release();
        using HttpResponseMessage response = await request;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task An_entry_that_a_slower_node_writes_after_a_removal_is_not_used()
    {
        await using FleetNode slow = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine);
        string token = Issue("sub", "meant");
        var gate = new TaskCompletionSource();
        slow.Engine.Hold(gate.Task, "set");
        await slow.AssertStatusAsync(token, HttpStatusCode.OK);
        await slow.Engine.Operations.WaitForAsync(static it => it.Operation == "set");
        _server.Revoke(token);

        second.Cache.RemoveSubject("meant");
        await _engine.Messages.WaitForAsync(static _ => true);
        await slow.Engine.CatchUpAsync();
        gate.SetResult();
        await _engine.WaitForEntriesAsync(1);

        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await slow.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_removal_while_the_engine_is_down_arrives_when_it_is_back()
    {
        await using FleetNode first = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine);
        string token = Issue("sub", "meant");
        await first.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);
        first.Engine.Fail("append");
        first.Cache.RemoveSubject("meant");
        await first.Engine.Operations.WaitForAsync(static it => it.Operation == "append");
        await first.AssertStatusAsync(token, HttpStatusCode.Unauthorized); // the entry is still shared

        first.Engine.Heal();
        await _engine.Messages.WaitForAsync(static _ => true);
        await second.Engine.CatchUpAsync();

        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task More_removals_than_can_be_kept_while_the_engine_is_down_become_a_removal_of_everything()
    {
        await using FleetNode first = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine);
        string token = Issue("sub", "meant");
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        _server.Revoke(token);
        first.Engine.Fail("append");
        first.Cache.RemoveSubject("meant");
        for (int i = 0; i < 10_500; i++)
            first.Cache.RemoveSubject($"user {i}");

        first.Engine.Heal();
        await _engine.Messages.WaitForAsync(static _ => true, 1);
        await second.Engine.CatchUpAsync();

        await first.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_removal_just_before_the_application_stops_reaches_the_other_nodes()
    {
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine);
        FleetNode first = await FleetNode.StartAsync(_server, _engine);
        string token = Issue("sub", "meant");
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        _server.Revoke(token);
        var gate = new TaskCompletionSource();
        first.Engine.Hold(gate.Task, "read"); // the loop is busy
        await first.Engine.Readings.WaitForAsync(static _ => true, first.Engine.Readings.Count + 1);

        first.Cache.RemoveSubject("meant");
        await first.DisposeAsync();
        await second.Engine.CatchUpAsync();

        Assert.Single(_engine.Messages);
        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("flushed")]
    [InlineData("feed lost")]
    [InlineData("trimmed")]
    [InlineData("numbers reused")]
    public async Task A_node_that_misses_messages_asks_again(string fault)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string feed = node.Fleet.Secrets[0].FeedName,
            token = Issue("sub", "meant");
        _engine.Append(feed, Message(node, "before"));
        await node.Engine.CatchUpAsync();
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        _server.Revoke(token);

        node.Engine.Fail("read");
        _engine.Append(feed, Message(node, "lost"));
        switch (fault)
        {
            case "flushed":
                _engine.Flush();
                break;
            case "feed lost":
                _engine.LoseFeeds();
                break;
            case "trimmed":
                _engine.Append(feed, Message(node, "later"));
                _engine.Trim(remaining: 1);
                break;
            default:
                _engine.LoseLatestMessages(2);
                _engine.Append(feed, Message(node, "one"));
                _engine.Append(feed, Message(node, "two"));
                break;
        }

        node.Engine.Heal();
        _ = _engine.Position(feed);
        await node.Engine.CatchUpAsync();
        await node.Engine.Readings.WaitForAsync(static _ => true, node.Engine.Readings.Count + 2);

        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_new_removal_does_not_wait_for_those_that_are_repeated_after_a_loss()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        await RemoveManyAsync(node, 300);
        var gate = new TaskCompletionSource();
        await LoseFeedAsync(node, gate);

        node.Cache.RemoveSubject("new");
        gate.SetResult();
        await _engine.Messages.WaitForAsync(it => Subjects(node, it).Contains("user 299"), 2);

        string[] appended = [.. _engine.Messages.SelectMany(it => Subjects(node, it))];
        Assert.InRange(Array.IndexOf(appended, "new"), 300, Array.LastIndexOf(appended, "user 299"));
    }

    [Fact]
    public async Task A_node_does_not_repeat_what_another_node_has_repeated()
    {
        await using FleetNode first = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine);
        await RemoveManyAsync(first, 300);
        await second.Engine.CatchUpAsync();
        TaskCompletionSource gate = new(),
            gateOfSecond = new();
        Task isSecondAppending = HoldAppendingAsync(second, gateOfSecond);
        await LoseFeedAsync(first, gate);
        await isSecondAppending;

        gate.SetResult();
        await _engine.Messages.WaitForAsync(it => Subjects(first, it).Contains("user 299"), 2);
        gateOfSecond.SetResult();
        await second.Engine.CatchUpAsync();
        second.Cache.RemoveSubject("last");
        await _engine.Messages.WaitForAsync(it => Subjects(first, it).Contains("last"));

        Assert.Equal(2, _engine.Messages.Count(it => Subjects(first, it).Contains("user 299")));
    }

    private async Task RemoveManyAsync(FleetNode node, int count)
    {
        for (int i = 0; i < count; i++)
            node.Cache.RemoveSubject($"user {i}");
        await _engine.Messages.WaitForAsync(it => Subjects(node, it).Contains($"user {count - 1}"));
        await node.Engine.CatchUpAsync();
    }

    /// <summary>Loses the feed, and waits until the node has begun to append again what it knows, behind a gate.</summary>
    private async Task LoseFeedAsync(FleetNode node, TaskCompletionSource gate)
    {
        Task isAppending = HoldAppendingAsync(node, gate);
        _engine.LoseFeeds();
        _engine.Notify();
        await isAppending;
    }

    /// <summary>Holds what the node appends from now on. The task ends when it has begun to append.</summary>
    private static Task HoldAppendingAsync(FleetNode node, TaskCompletionSource gate)
    {
        int appended = node.Engine.Operations.Count(static it => it.Operation == "append");
        node.Engine.Hold(gate.Task, "append");
        return node.Engine.Operations.WaitForAsync(static it => it.Operation == "append", appended + 1);
    }

    private static IEnumerable<string> Subjects(FleetNode node, byte[] message) =>
        IntrospectionAuth.SharedCache.RemovalMessage.Open(message, node.Fleet.Secrets[0])!.Select(static removal => removal.Value);

    private static byte[] Message(FleetNode node, string subject) =>
        IntrospectionAuth.SharedCache.RemovalMessage.Seal(
            [IntrospectionAuth.Removals.Removal.Of(IntrospectionAuth.Removals.RemovalKind.Subject, subject)],
            node.Fleet.Secrets[0]
        );

    private static int Remove(OAuthIntrospectionCache cache, string kind, string token) =>
        kind switch
        {
            "token" => cache.RemoveToken(token),
            "sub" => cache.RemoveSubject("meant"),
            "sid" => cache.RemoveSession("meant"),
            "client_id" => cache.RemoveClient("meant"),
            "org_id" => cache.RemoveOrganization("meant"),
            _ => cache.RemoveWorkspace("meant"),
        };

    private string Issue(string member, string value) =>
        _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Members[member] = value;
        });
}
