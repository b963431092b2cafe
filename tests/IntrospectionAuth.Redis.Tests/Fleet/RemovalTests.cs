using System.Diagnostics;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>A removal on one node takes effect on all, and nothing that was removed reappears.</summary>
[Collection("Fleets")]
public sealed class RemovalTests(SharedFleets fleets)
{
    // The values of this test's tokens: no other test on the same fleet removes them.
    private readonly string _id = Guid.NewGuid().ToString();

    [Theory]
    [InlineData(EngineKind.Redis, "token")]
    [InlineData(EngineKind.Redis, "subject")]
    [InlineData(EngineKind.Redis, "session")]
    [InlineData(EngineKind.Redis, "client")]
    [InlineData(EngineKind.Redis, "organization")]
    [InlineData(EngineKind.Redis, "workspace")]
    [InlineData(EngineKind.Garnet, "token")]
    [InlineData(EngineKind.Garnet, "subject")]
    public async Task A_removal_on_one_node_takes_effect_on_all_within_a_second(EngineKind kind, string field)
    {
        TestFleet fleet = await fleets.GetAsync(kind);
        string token = Issue(fleet);
        string other = fleet.Server.IssueToken(token => token.Subject = "another");
        Assert.All(await fleet.GetOnAllAsync("/me", token), status => Assert.Equal(200, status));
        Assert.All(await fleet.GetOnAllAsync("/me", other), status => Assert.Equal(200, status));

        fleet.Server.Revoke(token);
        fleet.Server.Revoke(other);
        Assert.Equal(1, await fleet.Nodes[0].ForgetAsync(fleet.Admin, field, field == "token" ? token : $"{field} {_id}"));
        long removed = Stopwatch.GetTimestamp();

        Assert.InRange(await fleet.MeasureLastAcceptanceAsync(token, removed), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.All(await fleet.GetOnAllAsync("/me", other), status => Assert.Equal(200, status)); // not removed
        await AssertStaysRejectedAsync(fleet, token);
    }

    [Fact]
    public async Task A_node_that_lost_the_feed_uses_its_responses_no_longer_than_the_patience()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(
            settings: new(StringComparer.Ordinal) { ["SharedCache:FeedPatience"] = "1" },
            count: 2
        );
        string token = Issue(fleet);
        Assert.All(await fleet.GetOnAllAsync("/me", token), status => Assert.Equal(200, status));

        fleet.Nodes[1].Network.Cut();
        fleet.Server.Revoke(token);
        await fleet.Nodes[0].ForgetAsync(fleet.Admin, "token", token);
        long removed = Stopwatch.GetTimestamp();

        TimeSpan last = await fleet.MeasureLastAcceptanceAsync(token, removed);
        Assert.InRange(last, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_node_applies_what_it_missed_when_the_feed_returns(EngineKind kind)
    {
        await using TestFleet fleet = await TestFleet.StartAsync(
            kind,
            new(StringComparer.Ordinal) { ["SharedCache:FeedPatience"] = "60" }, // longer than the test, so that only the feed removes
            count: 2
        );
        string token = Issue(fleet);
        Assert.All(await fleet.GetOnAllAsync("/me", token), status => Assert.Equal(200, status));

        fleet.Nodes[1].Network.Cut();
        fleet.Server.Revoke(token);
        await fleet.Nodes[0].ForgetAsync(fleet.Admin, "subject", $"subject {_id}");
        Assert.Equal(200, (await fleet.Nodes[1].GetAsync("/me", token)).Status); // the removal cannot arrive
        fleet.Nodes[1].Network.Restore();
        long restored = Stopwatch.GetTimestamp();

        Assert.InRange(await fleet.MeasureLastAcceptanceAsync(token, restored), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await AssertStaysRejectedAsync(fleet, token);
    }

    [Fact]
    public async Task A_removal_during_an_outage_of_the_engine_reaches_the_other_nodes_when_it_is_over()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(
            settings: new(StringComparer.Ordinal) { ["SharedCache:FeedPatience"] = "60" },
            count: 2
        );
        string token = Issue(fleet);
        Assert.All(await fleet.GetOnAllAsync("/me", token), status => Assert.Equal(200, status));

        await fleet.Engine.StopAsync();
        fleet.Server.Revoke(token);
        await fleet.Nodes[0].ForgetAsync(fleet.Admin, "token", token);
        Assert.Equal(200, (await fleet.Nodes[1].GetAsync("/me", token)).Status);
        await fleet.Engine.StartAsync(); // without its data
        long restored = Stopwatch.GetTimestamp();

        Assert.InRange(await fleet.MeasureLastAcceptanceAsync(token, restored), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await AssertStaysRejectedAsync(fleet, token);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_call_in_flight_on_another_node_does_not_bring_back_what_was_removed(EngineKind kind)
    {
        TestFleet fleet = await fleets.GetAsync(kind);
        string early = Issue(fleet);
        string late = Issue(fleet);
        Assert.All(await fleet.GetOnAllAsync("/me", early), status => Assert.Equal(200, status));
        var hasArrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        fleet.Server.RespondWith(
            async context =>
            {
                // The response is that of an active token, and it is delayed on its way.
                string body = $$"""{"active":true,"sub":"subject {{_id}}","client_id":"c","token_type":"Bearer","exp":4102444800}""";
                hasArrived.TrySetResult();
                await release.Task;
                context.Response.ContentType = "application/json";
                await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, body);
            },
            calls: 1
        );

        Task<ApiResponse> inFlight = fleet.Nodes[2].GetAsync("/me", late);
        await hasArrived.Task.WaitAsync(TestFleet.Deadline, TimeProvider.System);
        fleet.Server.Revoke(early);
        fleet.Server.Revoke(late);
        await fleet.Nodes[0].ForgetAsync(fleet.Admin, "subject", $"subject {_id}");
        await fleet.MeasureLastAcceptanceAsync(early, Stopwatch.GetTimestamp()); // now every node has applied the removal
        release.SetResult();
        Assert.Contains((await inFlight).Status, (int[])[200, 401]);

        await AssertStaysRejectedAsync(fleet, late);
    }

    [Fact]
    public async Task An_entry_that_a_node_shared_before_a_removal_is_used_by_no_node_that_starts_later()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(count: 2);
        string token = Issue(fleet);
        Assert.All(await fleet.GetOnAllAsync("/me", token), status => Assert.Equal(200, status));
        fleet.Server.Revoke(token);
        await fleet.Nodes[0].ForgetAsync(fleet.Admin, "subject", $"subject {_id}");

        fleet.Nodes.Add(await fleet.StartNodeAsync());

        await AssertStaysRejectedAsync(fleet, token);
    }

    private string Issue(TestFleet fleet) =>
        fleet.Server.IssueToken(token =>
        {
            token.Subject = $"subject {_id}";
            token.ClientId = $"client {_id}";
            token.OrganizationId = $"organization {_id}";
            token.WorkspaceId = $"workspace {_id}";
            token.Members["sid"] = $"session {_id}";
        });

    private static async Task AssertStaysRejectedAsync(TestFleet fleet, string token)
    {
        for (int i = 0; i < 20; i++)
            Assert.All(await fleet.GetOnAllAsync("/me", token), status => Assert.Equal(401, status));
    }
}
