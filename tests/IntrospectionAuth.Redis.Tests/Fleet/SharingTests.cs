using System.Diagnostics;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>One call per token for the whole fleet, and what a node does with a response that another node obtained.</summary>
[Collection("Fleets")]
public sealed class SharingTests(SharedFleets fleets)
{
    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task Two_hundred_first_requests_at_once_on_three_nodes_make_one_call(EngineKind kind)
    {
        TestFleet fleet = await fleets.GetAsync(kind);
        fleet.Server.RespondAfter(TimeSpan.FromMilliseconds(100), calls: 1);
        string token = fleet.Server.IssueToken();

        ApiResponse[] responses = await fleet.GetAtOnceAsync(token, 200);

        Assert.All(responses, response => Assert.Equal(200, response.Status));
        Assert.Single(fleet.Server.CallsFor(token));
    }

    [Fact]
    public async Task Without_the_engine_each_node_makes_one_call()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.Engine.StopAsync();
        fleet.Server.RespondAfter(TimeSpan.FromMilliseconds(100));
        string token = fleet.Server.IssueToken();

        ApiResponse[] responses = await fleet.GetAtOnceAsync(token, 200);

        Assert.All(responses, response => Assert.Equal(200, response.Status));
        Assert.InRange(fleet.Server.CallsFor(token).Count, 1, 3);
    }

    [Fact]
    public async Task The_age_of_a_shared_response_counts_from_the_call_of_the_other_node()
    {
        TimeSpan maximumAge = TimeSpan.FromSeconds(2);
        await using TestFleet fleet = await TestFleet.StartAsync(
            settings: new(StringComparer.Ordinal) { ["Cache:MaximumAge"] = "2", ["Cache:RefreshAfter"] = "0" },
            count: 2
        );
        string token = fleet.Server.IssueToken();

        long asked = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(asked) < maximumAge * 0.6)
            Assert.Equal(200, (await fleet.Nodes[0].GetAsync("/me", token)).Status);
        fleet.Server.Revoke(token);
        Assert.Equal(200, (await fleet.Nodes[1].GetAsync("/me", token)).Status);
        Assert.Single(fleet.Server.CallsFor(token));

        TimeSpan last = Stopwatch.GetElapsedTime(asked);
        for (TimeSpan at = last; (await fleet.Nodes[1].GetAsync("/me", token)).Status == 200; at = Stopwatch.GetElapsedTime(asked))
            last = at;
        Assert.InRange(last, TimeSpan.Zero, maximumAge + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_shared_response_is_validated_by_the_options_of_the_node_that_uses_it()
    {
        TestFleet fleet = await fleets.GetAsync();
        await using FleetNode strict = await fleet.StartNodeAsync(new(StringComparer.Ordinal) { ["Audiences:0"] = "another-api" });
        string token = fleet.Server.IssueToken(token => token.Audiences = ["this-api"]);
        Assert.Equal(200, (await fleet.Nodes[0].GetAsync("/me", token)).Status);

        ApiResponse response = await strict.GetAsync("/me", token);

        response.AssertInvalidToken("The access token is intended for another audience.");
        Assert.Single(fleet.Server.CallsFor(token));
    }

    [Fact]
    public async Task An_endpoint_that_requires_a_fresh_response_does_not_use_a_shared_one()
    {
        TestFleet fleet = await fleets.GetAsync();
        string token = fleet.Server.IssueToken();
        Assert.Equal(200, (await fleet.Nodes[0].GetAsync("/me", token)).Status);
        fleet.Server.Revoke(token);

        Assert.Equal(200, (await fleet.Nodes[1].GetAsync("/me", token)).Status);
        Assert.Equal(401, (await fleet.Nodes[1].GetAsync("/pay", token)).Status);
    }

    [Fact]
    public async Task One_node_refreshes_a_response_in_the_background_for_all()
    {
        TimeSpan refreshAfter = TimeSpan.FromSeconds(1);
        await using TestFleet fleet = await TestFleet.StartAsync(settings: new(StringComparer.Ordinal) { ["Cache:RefreshAfter"] = "1" });
        string token = fleet.Server.IssueToken();

        long started = Stopwatch.GetTimestamp();
        while (fleet.Server.CallsFor(token).Count < 5 && Stopwatch.GetElapsedTime(started) < TestFleet.Deadline)
            Assert.All(await fleet.GetOnAllAsync("/me", token), status => Assert.Equal(200, status));

        // A jitter lets a response be refreshed up to 10 % earlier. Without sharing, three nodes would make 5 calls in 2 seconds.
        Assert.InRange(Stopwatch.GetElapsedTime(started), refreshAfter * 3.5, TestFleet.Deadline);
    }
}
