using System.Diagnostics;
using IntrospectionAuth.Redis.Tests.Engines;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace IntrospectionAuth.Redis.Tests.Engine;

/// <summary>What an engine does while its server is down, cut off, hanging, full, read-only or locked.</summary>
[Collection("Engines")]
public sealed class FaultTests
{
    private const string Feed = "ia:feed";
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(5);

    /// <summary>Generous for a busy machine, and much less than the time after which a hanging operation ends.</summary>
    private static readonly TimeSpan s_atOnce = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Operations_fail_while_there_is_no_server_and_work_when_it_starts()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await server.StopAsync();
        await using var node = new TestEngine(server.Address);
        await Assert.ThrowsAnyAsync<Exception>(() => GetAsync(node, s_long)); // waits for the first attempt

        AssertAtOnce(await MeasureFailureAsync(node));
        await server.StartAsync();

        Assert.InRange(await node.WaitUntilItWorksAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task Operations_fail_at_once_while_the_network_is_cut_and_work_soon_after(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using var proxy = new TcpProxy(server.Port);
        await using var node = new TestEngine(proxy.Address);
        await node.WaitUntilItWorksAsync();

        proxy.Cut();
        await node.WaitUntilItFailsAsync();
        for (int i = 0; i < 20; i++)
            AssertAtOnce(await MeasureFailureAsync(node));
        proxy.Restore();

        Assert.InRange(await node.WaitUntilItWorksAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task An_operation_that_hangs_ends_when_it_is_canceled(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using var proxy = new TcpProxy(server.Port);
        await using var node = new TestEngine(proxy.Address);
        await node.WaitUntilItWorksAsync();
        FeedReading reading = await node.Engine.ReadAsync(Feed, null, default);

        proxy.Hang();
        Func<CancellationToken, Task>[] operations =
        [
            cancellation => node.Engine.GetAsync("key", cancellation),
            cancellation => node.Engine.SetAsync("key", [1], s_long, cancellation),
            cancellation => node.Engine.TryAddAsync("key", [1], s_long, cancellation),
            cancellation => node.Engine.RemoveAsync("key", cancellation),
            cancellation => node.Engine.AppendAsync(Feed, [1], 10, cancellation),
            cancellation => node.Engine.ReadAsync(Feed, reading, cancellation),
        ];
        foreach (Func<CancellationToken, Task> operation in operations)
        {
            long started = Stopwatch.GetTimestamp();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TestEngine.RunAsync(operation, TimeSpan.FromMilliseconds(50)));
            AssertAtOnce(Stopwatch.GetElapsedTime(started));
        }

        proxy.Restore();
        Assert.InRange(await node.WaitUntilItWorksAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_connection_on_which_nothing_arrives_any_more_is_replaced()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var node = new TestEngine(proxy.Address);
        await node.WaitUntilItWorksAsync();
        int connections = proxy.Connections;

        proxy.Hang();
        long started = Stopwatch.GetTimestamp();
        while (proxy.Connections == connections)
        {
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TestEngine.Deadline);
            await Assert.ThrowsAnyAsync<Exception>(() => GetAsync(node, TimeSpan.FromMilliseconds(50)));
        }

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Operations_are_not_queued_by_a_connection_of_the_application()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{proxy.Address},abortConnect=false");
        await using ServiceProvider services = new ServiceCollection().AddOAuthIntrospectionRedis(connection).BuildServiceProvider();
        var engine = services.GetRequiredService<ISharedCacheEngine>();
        await engine.GetAsync("key", default);

        proxy.Cut();
        long started = Stopwatch.GetTimestamp();
        while (connection.IsConnected)
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TestEngine.Deadline);

        started = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<RedisConnectionException>(() => engine.SetAsync("key", [1], s_long, default));
        AssertAtOnce(Stopwatch.GetElapsedTime(started));
    }

    [Fact]
    public async Task A_full_engine_rejects_readings_of_the_feed_and_serves_values()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        await node.Engine.SetAsync("key", [1], s_long, default);
        FeedReading reading = await node.Engine.ReadAsync(Feed, null, default);

        await server.ConfigureAsync("maxmemory", "1");
        await AssertRejectedAsync(node, reading, RedisErrorKind.OutOfMemory);
        Assert.NotNull(await node.Engine.GetAsync("key", default));

        await server.ConfigureAsync("maxmemory", "0");
        Assert.False((await node.Engine.ReadAsync(Feed, reading, default)).HasGap);
    }

    [Fact]
    public async Task A_server_that_became_a_replica_rejects_everything_until_it_is_the_primary_again()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        FeedReading reading = await node.Engine.ReadAsync(Feed, null, default);

        await server.SendAsync("REPLICAOF", "127.0.0.1", "1");
        await AssertRejectedAsync(node, reading, kind: null);

        await server.SendAsync("REPLICAOF", "NO", "ONE");
        TimeSpan recovery = await node.WaitUntilItWorksAsync();
        Assert.InRange(recovery, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.False((await node.Engine.ReadAsync(Feed, reading, default)).HasGap);
    }

    [Fact]
    public async Task A_user_who_may_not_write_cannot_read_the_feed()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await server.SendAsync("ACL", "SETUSER", "reader", "on", ">password", "~*", "&*", "+@all", "-@write");
        await using var node = new TestEngine($"{server.Address},user=reader,password=password");

        await Assert.ThrowsAsync<RedisServerException>(() => node.Engine.SetAsync("key", [1], s_long, default));
        var exception = await Assert.ThrowsAsync<RedisServerException>(() => node.Engine.ReadAsync(Feed, null, default));

        Assert.Equal(RedisErrorKind.NoPermission, exception.Kind);
    }

    [Fact]
    public async Task Operations_fail_with_a_wrong_password_without_naming_it_and_work_when_it_is_right()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await server.LockOutAsync("another");
        await using var node = new TestEngine($"{server.Address},password=the-password");

        Exception exception;
        long started = Stopwatch.GetTimestamp();
        do
        {
            // Until the client is connected, it fails without having asked the server.
            exception = await Assert.ThrowsAnyAsync<RedisException>(() => node.Engine.GetAsync("key", default));
            Assert.DoesNotContain("the-password", exception.ToString(), StringComparison.Ordinal);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        } while (!exception.Message.Contains("NOAUTH", StringComparison.Ordinal));
        AssertAtOnce(await MeasureFailureAsync(node));

        await server.LockOutAsync("the-password");
        Assert.InRange(await node.WaitUntilItWorksAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static Task GetAsync(TestEngine node, TimeSpan limit) =>
        TestEngine.RunAsync(cancellation => node.Engine.GetAsync("key", cancellation), limit);

    private static async Task<TimeSpan> MeasureFailureAsync(TestEngine node)
    {
        long started = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<RedisException>(() => node.Engine.GetAsync("key", default));
        return Stopwatch.GetElapsedTime(started);
    }

    private static void AssertAtOnce(TimeSpan elapsed) => Assert.InRange(elapsed, TimeSpan.Zero, s_atOnce);

    private static async Task AssertRejectedAsync(TestEngine node, FeedReading reading, RedisErrorKind? kind)
    {
        Func<Task>[] operations =
        [
            () => node.Engine.SetAsync("key", [1], s_long, default),
            () => node.Engine.TryAddAsync("another", [1], s_long, default),
            () => node.Engine.AppendAsync(Feed, [1], 10, default),
            () => node.Engine.ReadAsync(Feed, null, default),
            () => node.Engine.ReadAsync(Feed, reading, default),
        ];
        foreach (Func<Task> operation in operations)
        {
            Exception exception = await Assert.ThrowsAnyAsync<RedisException>(operation);
            TestContext.Current.TestOutputHelper!.WriteLine(exception.Message);
            if (kind is not null && exception is RedisServerException rejected && rejected.Kind != RedisErrorKind.ExecAbort)
                Assert.Equal(kind, rejected.Kind);
        }
    }
}
