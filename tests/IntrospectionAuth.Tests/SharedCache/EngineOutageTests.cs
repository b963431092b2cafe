using System.Net;
using System.Runtime.CompilerServices;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>What an operator learns of an outage of the engine.</summary>
public sealed class EngineOutageTests : IAsyncDisposable
{
    private const string LateFailure = "The engine fails late.";

    private static readonly TimeSpan s_pauseOfBreaker = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly InMemoryFleetEngine _engine;

    public EngineOutageTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _engine = new InMemoryFleetEngine(_time);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task An_outage_is_one_Error_and_its_end_is_one_Information()
    {
        await using FleetNode node = await StartAsync();

        node.Engine.Fail();
        for (int i = 0; i < 20; i++)
        {
            await UseAsync(node);
            node.Cache.RemoveSubject($"user {i}");
            await node.ReadAgainAsync();
            _time.Advance(s_pauseOfBreaker);
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        await node.ReadAgainAsync();
        Assert.Equal(1, node.Api.Log.Count("SharedCacheFails"));
        Assert.Equal(0, node.Api.Log.Count("SharedCacheWorks"));
        await node.EndOutageAsync(_time);

        Assert.Equal(1, node.Api.Log.Count("SharedCacheFails"));
        Assert.Equal(LogLevel.Error, node.Api.Log.Entries.Single(it => it.Event.Name == "SharedCacheFails").Level);
        Assert.Equal(LogLevel.Information, node.Api.Log.Entries.Single(it => it.Event.Name == "SharedCacheWorks").Level);
    }

    [Fact]
    public async Task An_outage_that_begins_soon_after_another_is_logged_if_it_lasts()
    {
        await using FleetNode node = await StartAsync();
        node.Engine.Fail("read");
        await node.ReadAgainAsync();
        await node.Api.Log.WaitForAsync("SharedCacheFails");
        await EndOutageAsync(1); // the clock stands still

        node.Engine.Fail("read");
        await node.ReadAgainAsync();
        Assert.Equal(1, node.Api.Log.Count("SharedCacheFails")); // at most once a minute
        _time.Advance(TimeSpan.FromMinutes(1));
        await node.ReadAgainAsync();

        Assert.Equal(2, node.Api.Log.Count("SharedCacheFails"));
        await EndOutageAsync(2);

        async Task EndOutageAsync(int outages)
        {
            node.Engine.Heal();
            await node.ReadAgainAsync();
            await node.Api.Log.WaitForAsync("SharedCacheWorks", outages);
        }
    }

    [Theory]
    [InlineData("read")]
    [InlineData("append")]
    public async Task A_background_operation_that_began_before_a_recovery_and_fails_after_it_is_no_outage(string operation)
    {
        await using FleetNode node = await StartAsync();
        EngineCondition condition = node.Fleet.Condition;
        var late = new TaskCompletionSource();
        var next = new TaskCompletionSource();
        node.Engine.Hold(late.Task, operation);
        int before = node.Engine.Operations.Count(it => it.Operation == operation);
        node.Cache.RemoveSubject("user"); // appends, and notifies the feed, which is read
        await node.Engine.Operations.WaitForAsync(it => it.Operation == operation, before + 1);
        condition.Fails(EngineUse.Requests, new IOException(), condition.Recoveries);
        condition.Works(EngineUse.Requests);

        node.Engine.Hold(next.Task, "read");
        int readings = node.Engine.Readings.Count;
        late.SetException(new IOException());
        node.Engine.Notify();
        await node.Engine.Readings.WaitForAsync(static _ => true, readings + 1); // so the other one has ended

        Assert.True(condition.IsGood);
        next.SetResult();
    }

    [Fact]
    public async Task An_outage_that_requests_have_noticed_ends_without_a_further_request()
    {
        await using FleetNode node = await StartAsync();
        node.Engine.Fail("get", "add", "set", "remove");
        for (int i = 0; i < 3; i++)
            await UseAsync(node);
        await node.Api.Log.WaitForAsync("SharedCacheFails");
        await node.ReadAgainAsync();
        Assert.Equal(0, node.Api.Log.Count("SharedCacheWorks")); // the feed alone does not prove it

        await node.EndOutageAsync(_time);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("set")]
    [InlineData("add", "lease")]
    [InlineData("read")]
    [InlineData("append")]
    public async Task Each_failed_operation_is_counted(string operation, string? name = null)
    {
        await using FleetNode node = await StartAsync();
        using var metrics = new MeasurementRecorder(node.Api.Services);

        node.Engine.Fail(operation);
        await UseAsync(node);
        node.Cache.RemoveSubject("user");
        await node.ReadAgainAsync();

        await metrics.WaitForAsync(OAuthIntrospectionTelemetry.SharedCacheFailures, 1);
        Assert.Contains(
            $"1 introspection_auth.operation={name ?? operation} error.type=System.IO.IOException",
            metrics.Of(OAuthIntrospectionTelemetry.SharedCacheFailures)
        );
    }

    [Fact]
    public async Task Operations_that_succeed_are_not_counted_as_failed()
    {
        await using FleetNode node = await StartAsync();
        using var metrics = new MeasurementRecorder(node.Api.Services);

        await UseAsync(node);
        node.Cache.RemoveSubject("user");
        await _engine.Messages.WaitForAsync(static _ => true);
        await node.ReadAgainAsync();

        Assert.Empty(metrics.Of(OAuthIntrospectionTelemetry.SharedCacheFailures));
    }

    [Fact]
    public async Task Operations_that_fail_after_their_timeout_leave_no_unobserved_exception()
    {
        var unobserved = new Journal<string>();
        EventHandler<UnobservedTaskExceptionEventArgs> onUnobserved = (_, args) => unobserved.Add(args.Exception.ToString());
        TaskScheduler.UnobservedTaskException += onUnobserved;
        try
        {
            await FailLateAsync();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= onUnobserved;
        }

        Assert.DoesNotContain(unobserved, it => it.Contains(LateFailure, StringComparison.Ordinal));
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // so that nothing of it is reachable afterwards
    private static async Task FailLateAsync()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using FleetNode node = await FleetNode.StartAsync(
            server,
            new InMemoryFleetEngine(),
            static options => options.SharedCache.Timeout = TimeSpan.FromMilliseconds(10)
        );
        var gate = new TaskCompletionSource();
        node.Engine.Hold(gate.Task);
        await node.AssertStatusAsync(server.IssueToken("read"), HttpStatusCode.OK);
        await node.ReadAgainAsync();
        gate.SetException(new IOException(LateFailure));
    }

    private Task<FleetNode> StartAsync() => FleetNode.StartAsync(_server, _engine, FleetNode.Patient, _time);

    private Task UseAsync(FleetNode node) => node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);
}
