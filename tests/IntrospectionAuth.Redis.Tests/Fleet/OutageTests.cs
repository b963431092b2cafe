using System.Diagnostics;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>Requests while the engine is down, cut off, hanging, slow, full, read-only, locked, flushed or restarted.</summary>
[Collection("Fleets")]
public sealed class OutageTests(OutageFleets fleets) : IClassFixture<OutageFleets>
{
    private const string ThePassword = "the-password";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, (Func<TestFleet, Task> Begin, Func<TestFleet, Task> End, bool IsOutage)> s_faults = new(
        StringComparer.Ordinal
    )
    {
        ["stopped"] = (fleet => fleet.Engine.StopAsync(), fleet => fleet.Engine.StartAsync(), true),
        ["cut"] = (fleet => fleet.ChangeNetwork(network => network.Cut()), Restore, true),
        ["hung"] = (fleet => fleet.ChangeNetwork(network => network.Hang()), Restore, true),
        ["delayed"] = (fleet => fleet.ChangeNetwork(network => network.Delay(TimeSpan.FromMilliseconds(200))), Restore, true),
        ["full"] = (fleet => fleet.Engine.ConfigureAsync("maxmemory", "1"), fleet => fleet.Engine.ConfigureAsync("maxmemory", "0"), true),
        ["read-only"] = (
            fleet => fleet.Engine.SendAsync("REPLICAOF", "127.0.0.1", "1"),
            fleet => fleet.Engine.SendAsync("REPLICAOF", "NO", "ONE"),
            true
        ),
        ["locked"] = (fleet => fleet.Engine.LockOutAsync(ThePassword), fleet => fleet.Engine.UnlockAsync(), true),
        ["flushed"] = (fleet => fleet.Engine.FlushAsync(), _ => Task.CompletedTask, false),
        ["restarted"] = (fleet => fleet.Engine.RestartAsync(), _ => Task.CompletedTask, false),
    };

    [Theory]
    [InlineData(EngineKind.Redis, "stopped")]
    [InlineData(EngineKind.Redis, "cut")]
    [InlineData(EngineKind.Redis, "hung")]
    [InlineData(EngineKind.Redis, "delayed")]
    [InlineData(EngineKind.Redis, "full")]
    [InlineData(EngineKind.Redis, "read-only")]
    [InlineData(EngineKind.Redis, "locked")]
    [InlineData(EngineKind.Redis, "flushed")]
    [InlineData(EngineKind.Redis, "restarted")]
    [InlineData(EngineKind.Garnet, "cut")]
    [InlineData(EngineKind.Garnet, "hung")]
    [InlineData(EngineKind.Garnet, "flushed")]
    [InlineData(EngineKind.Garnet, "restarted")]
    public Task Requests_are_served_during_a_fault_of_the_engine_and_responses_are_shared_after_it(EngineKind kind, string fault) =>
        fleets.UseAsync(kind, s_patience, fleet => ServeAsync(fleet, fault));

    private static async Task ServeAsync(TestFleet fleet, string fault)
    {
        (Func<TestFleet, Task> begin, Func<TestFleet, Task> end, bool isOutage) = s_faults[fault];
        string cached = fleet.Server.IssueToken();
        string revoked = fleet.Server.IssueToken();
        Assert.All(await fleet.GetOnAllAsync("/me", cached), status => Assert.Equal(200, status));
        Assert.All(await fleet.GetOnAllAsync("/me", revoked), status => Assert.Equal(200, status));

        int[] logged = [.. fleet.Nodes.Select(node => node.Api.Log.Length)];
        await begin(fleet);
        long begun = Stopwatch.GetTimestamp();
        fleet.Server.Revoke(revoked);
        await fleet.Nodes[0].ForgetAsync(fleet.Admin, "token", revoked);
        long removed = Stopwatch.GetTimestamp();
        TimeSpan slowest = TimeSpan.Zero;
        do
        {
            string token = fleet.Server.IssueToken();
            foreach (FleetNode node in fleet.Nodes)
            {
                ApiResponse first = await node.GetAsync("/me", token);
                Assert.Equal(200, first.Status);
                Assert.Equal(200, (await node.GetAsync("/me", cached)).Status);
                Assert.Equal(401, (await node.GetAsync("/me", "unknown")).Status);
                slowest = first.Elapsed > slowest ? first.Elapsed : slowest;
            }
        } while (Stopwatch.GetElapsedTime(begun) < s_patience + TimeSpan.FromSeconds(1));

        // A first request waits for two operations of 50 ms at most, then for the authorization server.
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        TimeSpan last = await fleet.MeasureLastAcceptanceAsync(revoked, removed);
        Assert.InRange(last, TimeSpan.Zero, s_patience + TimeSpan.FromSeconds(1));
        if (isOutage)
            await AssertReportedAsync(fleet, logged);

        await end(fleet);
        await fleet.WaitUntilSharedAsync();
        Assert.All(await fleet.GetOnAllAsync("/me", revoked), status => Assert.Equal(401, status));
    }

    /// <summary>
    /// Each node is degraded, and has logged one error at most since the fault began: another fault, or a busy machine, may have caused
    /// one within the same minute, because each operation has 50 ms.
    /// </summary>
    private static async Task AssertReportedAsync(TestFleet fleet, int[] logged)
    {
        foreach ((int i, FleetNode node) in fleet.Nodes.Index())
        {
            const string Error = "The shared cache fails (";
            string log = node.Api.Log;
            Assert.Contains(Error, log, StringComparison.Ordinal);
            Assert.InRange(log[logged[i]..].Split(Error).Length, 1, 2);
            Assert.DoesNotContain(ThePassword, log, StringComparison.Ordinal);

            ApiResponse health = await node.Api.GetAsync("/health");
            Assert.Equal((200, "Degraded"), (health.Status, health.Body));
        }
    }

    private static Task Restore(TestFleet fleet) => fleet.ChangeNetwork(network => network.Restore());
}
