using System.Net;
using IntrospectionAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IntrospectionAuth.Tests.SharedCache;

public sealed class EngineFaultTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("get")]
    [InlineData("add")]
    [InlineData("set")]
    [InlineData("read")]
    [InlineData("get", "add", "set", "remove", "read", "append", "subscribe")]
    public async Task A_request_gets_the_same_response_while_the_engine_fails(params string[] operations)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        node.Engine.Fail(operations);

        await node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);
        await node.AssertStatusAsync("unknown", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_request_waits_for_an_operation_that_hangs_no_longer_than_the_timeout()
    {
        await using FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            static options => options.SharedCache.Timeout = TimeSpan.FromMilliseconds(50)
        );
        node.Engine.Hang("get", "add", "set", "remove");

        await node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task Health_is_degraded_while_the_feed_of_removals_cannot_be_read()
    {
        await using FleetNode node = await StartWithHealthAsync();
        Assert.Equal(HealthStatus.Healthy, await CheckHealthAsync(node));

        node.Engine.Fail("read");
        await ReadTwiceAsync(node);
        HealthStatus failing = await CheckHealthAsync(node);
        node.Engine.Heal();
        await ReadTwiceAsync(node);

        Assert.Equal(HealthStatus.Degraded, failing);
        Assert.Equal(HealthStatus.Healthy, await CheckHealthAsync(node));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public async Task Health_is_degraded_and_nothing_is_shared_when_the_clocks_differ(int seconds)
    {
        await using FleetNode node = await StartWithHealthAsync();
        int entries = _engine.Values('e').Count;

        _engine.ClockOffset = TimeSpan.FromSeconds(seconds);
        await ReadTwiceAsync(node);
        await node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);

        Assert.Equal(HealthStatus.Degraded, await CheckHealthAsync(node));
        Assert.Equal(entries, _engine.Values('e').Count);
    }

    /// <summary>A node whose authorization server has responded, so that only the shared cache decides about its health.</summary>
    private async Task<FleetNode> StartWithHealthAsync()
    {
        FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            services: static services => services.AddHealthChecks().AddOAuthIntrospection()
        );
        await node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        return node;
    }

    private static async Task<HealthStatus> CheckHealthAsync(FleetNode node) =>
        (await node.Api.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;

    /// <summary>Waits until a reading that begins now has ended: the next one begins after it.</summary>
    private static Task ReadTwiceAsync(FleetNode node) =>
        node.Engine.Readings.WaitForAsync(static _ => true, node.Engine.Readings.Count + 3);
}
