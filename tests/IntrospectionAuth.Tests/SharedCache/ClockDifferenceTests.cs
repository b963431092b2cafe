using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>Nodes whose clocks differ from the engine's, by as much as the page about fleets tolerates and by more.</summary>
public sealed class ClockDifferenceTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly InMemoryFleetEngine _engine;

    public ClockDifferenceTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _engine = new InMemoryFleetEngine(_time);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(5, 0)]
    [InlineData(-5, 0)]
    [InlineData(0, 5)]
    [InlineData(0, -5)]
    [InlineData(-5, 5)]
    public async Task Nodes_share_responses_while_their_clocks_differ_by_5_seconds_from_the_engine(int writerAhead, int readerAhead)
    {
        await using FleetNode writer = await StartAsync(writerAhead);
        await using FleetNode reader = await StartAsync(readerAhead);
        string token = await ShareAsync(writer);

        await reader.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(1, _server.CallCount);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(-6)]
    [InlineData(3600)]
    [InlineData(-3600)]
    public async Task A_node_whose_clock_differs_by_more_neither_reads_nor_writes_shared_responses(int ahead)
    {
        await using FleetNode node = await StartAsync(0);
        await using FleetNode other = await StartAsync(ahead);
        string token = await ShareAsync(node, static it => it.Lifetime = null),
            unshared = _server.IssueToken(static it =>
            {
                it.Scopes = ["read"];
                it.Lifetime = null;
            });

        await other.AssertStatusAsync(token, HttpStatusCode.OK);
        await other.AssertStatusAsync(unshared, HttpStatusCode.OK);
        await node.AssertStatusAsync(unshared, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(2);

        Assert.Equal(4, _server.CallCount);
        Assert.Equal(2, _engine.Values('e').Count);
    }

    [Fact]
    public async Task A_node_whose_clock_differs_by_more_still_applies_and_reports_removals()
    {
        await using var server = FakeAuthorizationServer.Create();
        var engine = new InMemoryFleetEngine();
        await using FleetNode node = await FleetNode.StartAsync(server, engine);
        await using FleetNode other = await FleetNode.StartAsync(
            server,
            engine,
            time: new NodeClock(TimeProvider.System, TimeSpan.FromMinutes(1))
        );
        string first = server.IssueToken("read"),
            second = server.IssueToken("read");
        foreach (FleetNode it in (FleetNode[])[node, other])
        {
            await it.AssertStatusAsync(first, HttpStatusCode.OK);
            await it.AssertStatusAsync(second, HttpStatusCode.OK);
        }

        server.Revoke(first);
        server.Revoke(second);
        node.Cache.RemoveToken(first);
        other.Cache.RemoveToken(second);
        await engine.Messages.WaitForAsync(static _ => true, 2);
        await node.Engine.CatchUpAsync();
        await other.Engine.CatchUpAsync();

        await other.AssertStatusAsync(first, HttpStatusCode.Unauthorized);
        await node.AssertStatusAsync(second, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(5, 1)]
    public async Task A_response_that_is_more_than_5_seconds_in_the_future_is_not_used(int age, int calls)
    {
        await using FleetNode ahead = await StartAsync(5);
        await using FleetNode behind = await StartAsync(-5);
        string token = await ShareAsync(ahead);
        _time.Advance(TimeSpan.FromSeconds(age));

        await behind.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(calls, _server.CallCount);
    }

    [Theory]
    [InlineData(5, -5, 69, 1)]
    [InlineData(5, -5, 70, 2)]
    [InlineData(-5, 5, 49, 1)]
    [InlineData(-5, 5, 50, 2)]
    [InlineData(0, 0, 59, 1)]
    [InlineData(0, 0, 60, 2)]
    public async Task An_entry_appears_younger_or_older_by_what_the_clocks_of_two_nodes_differ(
        int writerAhead,
        int readerAhead,
        int age,
        int calls
    )
    {
        await using FleetNode writer = await StartAsync(writerAhead);
        string token = await ShareAsync(writer);
        _time.Advance(TimeSpan.FromSeconds(age));
        await using FleetNode reader = await StartAsync(readerAhead);

        await reader.Api.AssertStatusAsync("/recent", token, HttpStatusCode.OK);

        Assert.Equal(calls, _server.CallCount);
    }

    [Fact]
    public async Task A_token_expires_by_the_clock_of_the_node_that_reads_the_response()
    {
        await using FleetNode writer = await StartAsync(0);
        await using FleetNode ahead = await StartAsync(4);
        await using FleetNode tolerant = await StartAsync(4, options => options.ClockSkew = TimeSpan.FromSeconds(2));
        string token = await ShareAsync(writer, it => it.Lifetime = TimeSpan.FromSeconds(4));

        await ahead.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await tolerant.AssertStatusAsync(token, HttpStatusCode.OK);
        await writer.AssertStatusAsync(token, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_becomes_valid_by_the_clock_of_the_node_that_reads_the_response()
    {
        await using FleetNode writer = await StartAsync(4);
        await using FleetNode behind = await StartAsync(-4);
        await using FleetNode tolerant = await StartAsync(-4, options => options.ClockSkew = TimeSpan.FromMinutes(1));
        string token = await ShareAsync(writer, it => it.NotBefore = _time.GetUtcNow() + TimeSpan.FromSeconds(8));

        _time.Advance(TimeSpan.FromSeconds(3)); // the response is 5 seconds in the future now
        await behind.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await tolerant.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(1, _server.CallCount);
    }

    private Task<FleetNode> StartAsync(int ahead, Action<OAuthIntrospectionOptions>? configure = null) =>
        FleetNode.StartAsync(_server, _engine, FleetNode.Patient + configure, new NodeClock(_time, TimeSpan.FromSeconds(ahead)));

    private async Task<string> ShareAsync(FleetNode node, Action<FakeToken>? configure = null)
    {
        string token = _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            configure?.Invoke(it);
        });
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        await _engine.WaitForReturnedLeasesAsync(1); // a node that waits for a lease would wait for a clock that stands still
        return token;
    }
}
