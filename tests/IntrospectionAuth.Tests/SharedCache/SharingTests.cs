using System.Net;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.SharedCache;

public sealed class SharingTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_response_of_one_node_serves_all()
    {
        await using FleetNode first = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine);
        string token = _server.IssueToken("read");

        await first.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task Simultaneous_first_requests_on_three_nodes_make_one_call()
    {
        await using FleetNode first = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode third = await FleetNode.StartAsync(_server, _engine);
        FleetNode[] nodes = [first, second, third];
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();

        Task[] requests = [.. Enumerable.Range(0, 60).Select(i => nodes[i % 3].AssertStatusAsync(token, HttpStatusCode.OK))];
        await held.WaitForCallsAsync(1);
        held.Release();
        await Task.WhenAll(requests);

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task An_inactive_response_is_not_shared_and_its_lease_is_given_back()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);

        await node.AssertStatusAsync("unknown", HttpStatusCode.Unauthorized);
        await _engine.WaitForReturnedLeasesAsync(1);

        Assert.Empty(_engine.Values('e'));
        Assert.Empty(_engine.Values('l'));
        Assert.Empty(_engine.Messages);
    }

    [Fact]
    public async Task A_lease_is_given_back_after_a_failed_call()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        _server.RespondWith(500);

        await node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.ServiceUnavailable);
        await _engine.WaitForReturnedLeasesAsync(1);

        Assert.Empty(_engine.Values('l'));
    }

    [Fact]
    public async Task A_lease_is_given_back_when_an_event_handler_throws()
    {
        await using FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            options => options.Events.OnIntrospecting = _ => throw new InvalidOperationException("application")
        );

        await Assert.ThrowsAnyAsync<Exception>(() => node.Api.GetAsync("/read", _server.IssueToken("read")));
        await _engine.WaitForReturnedLeasesAsync(1);

        Assert.Empty(_engine.Values('l'));
    }

    [Fact]
    public async Task A_token_found_inactive_on_an_endpoint_that_requires_a_fresh_one_is_removed_from_every_node()
    {
        await using FleetNode first = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode second = await FleetNode.StartAsync(_server, _engine);
        string token = _server.IssueToken("read");
        await first.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        _server.Revoke(token);

        await second.Api.AssertStatusAsync("/fresh", token, HttpStatusCode.Unauthorized);
        await _engine.Messages.WaitForAsync(static _ => true);
        await first.Engine.CatchUpAsync();

        await first.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }
}
