using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>Each operation of the engine ends within its own time limit. Together they must leave time to ask the server.</summary>
public sealed class SlowEngineTests : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_timeoutOfEngine = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(1.9);

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly InMemoryFleetEngine _engine;

    public SlowEngineTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _engine = new InMemoryFleetEngine(_time);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_new_token_is_introspected_in_time(int secrets)
    {
        string[] all = [FleetNode.Secret, FleetNode.OtherSecret];
        await using FleetNode node = await StartAsync(all[..secrets]);
        node.Engine.Delay(s_slow, _time, "get", "add");

        Task<HttpResponseMessage> request = node.Api.GetAsync("/read", _server.IssueToken("read"));
        await PassAsync(request);
        using HttpResponseMessage response = await request;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange(_time.GetUtcNow() - ManualTimeProvider.Start, s_timeout / 2, s_timeout);
    }

    [Fact]
    public async Task A_lease_that_is_granted_too_late_is_given_back()
    {
        await using FleetNode node = await StartAsync(FleetNode.Secret);
        node.Engine.Delay(s_slow, _time, "get", "add");

        Task<HttpResponseMessage> request = node.Api.GetAsync("/read", _server.IssueToken("read"));
        await PassAsync(request);
        using HttpResponseMessage response = await request;

        await _engine.WaitForReturnedLeasesAsync(1);
        Assert.Empty(_engine.Values('l'));
    }

    [Fact]
    public async Task A_node_that_waits_for_another_one_asks_in_time()
    {
        await using FleetNode first = await StartAsync(FleetNode.Secret);
        await using FleetNode second = await StartAsync(FleetNode.Secret);
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();
        Task<HttpResponseMessage> holding = first.Api.GetAsync("/read", token);
        await held.WaitForCallsAsync(1);
        first.Engine.Fail("set"); // it does not extend the lease, which lasts long enough
        (string lease, byte[] holder, _) = _engine.Writes.Single(static it => it.Key.StartsWith("ia:l:", StringComparison.Ordinal));
        _engine.Set(lease, holder, TimeSpan.FromHours(1));
        second.Engine.Delay(s_slow, _time, "get");

        Task<HttpResponseMessage> request = second.Api.GetAsync("/read", token);
        await PassAsync(Task.WhenAny(request, held.WaitForCallsAsync(2)));
        held.Release();
        using HttpResponseMessage response = await request;
        using HttpResponseMessage responseOfFirst = await holding;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange(_time.GetUtcNow() - ManualTimeProvider.Start, s_timeout / 2, s_timeout);
    }

    [Fact]
    public async Task A_fresh_inactive_response_is_returned_in_time_and_removed_from_the_other_nodes_later()
    {
        await using FleetNode first = await StartAsync(FleetNode.Secret);
        await using FleetNode second = await StartPatientAsync();
        string token = await ShareAndRevokeAsync(first);
        var looking = new TaskCompletionSource();
        second.Engine.Hold(looking.Task, "get");

        Task<HttpResponseMessage> request = second.Api.GetAsync("/fresh", token);
        await second.Engine.Operations.WaitForAsync(static it => it.Operation == "get");
        _time.Advance(s_timeout);
        using HttpResponseMessage response = await request.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        looking.SetResult();
        await first.Removals.WaitForAsync(static _ => true);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        await first.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_that_is_found_inactive_before_the_engine_responds_is_removed_from_the_other_nodes()
    {
        await using FleetNode first = await StartAsync(FleetNode.Secret);
        await using FleetNode second = await StartPatientAsync();
        string token = await ShareAndRevokeAsync(first);
        var looking = new TaskCompletionSource();
        second.Engine.Hold(looking.Task, "get");

        Task<HttpResponseMessage> request = second.Api.GetAsync("/read", token);
        await second.Engine.Operations.WaitForAsync(static it => it.Operation == "get");
        _time.Advance(s_timeout / 2);
        await second.Engine.Operations.WaitForAsync(static it => it.Operation == "get", 2);
        looking.SetResult();
        using HttpResponseMessage response = await request;
        await first.Removals.WaitForAsync(static _ => true);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        await first.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    /// <summary>Starts a node whose operations may take longer than a call.</summary>
    private Task<FleetNode> StartPatientAsync() =>
        StartAsync(static options => options.SharedCache.Timeout = TimeSpan.FromMinutes(1), FleetNode.Secret);

    /// <returns>A token whose response the node has shared, and which the server no longer accepts.</returns>
    private async Task<string> ShareAndRevokeAsync(FleetNode node)
    {
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        _server.Revoke(token);
        return token;
    }

    /// <summary>Lets one operation after the other end, until the task has ended.</summary>
    private async Task PassAsync(Task task)
    {
        for (int operations = 1; !task.IsCompleted; operations++)
        {
            await Task.WhenAny(task, _time.WaitForTimersAsync(s_slow, operations));
            if (!task.IsCompleted)
                _time.Advance(s_slow);
        }
    }

    private Task<FleetNode> StartAsync(params string[] secrets) => StartAsync(static _ => { }, secrets);

    private Task<FleetNode> StartAsync(Action<OAuthIntrospectionOptions> configure, params string[] secrets) =>
        FleetNode.StartAsync(
            _server,
            _engine,
            options =>
            {
                FleetNode.Patient(options);
                options.Timeout = s_timeout;
                options.SharedCache.Timeout = s_timeoutOfEngine;
                foreach (string secret in secrets)
                    options.SharedCache.Secrets.Add(secret);
                configure(options);
            },
            _time
        );
}
