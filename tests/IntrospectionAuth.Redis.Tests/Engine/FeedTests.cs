using System.Globalization;
using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Redis.Tests.Engine;

/// <summary>The feed: its order, and every way in which messages can get lost.</summary>
[Collection("Engines")]
public sealed class FeedTests
{
    private const string Feed = "ia:feed";
    private const string Count = "{ia:feed}:count";
    private const string Messages = "{ia:feed}:feed";
    private const int Capacity = 100;

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task Every_node_reads_the_messages_of_all_nodes_in_the_same_order(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine first = await TestEngine.ConnectAsync(server);
        await using TestEngine second = await TestEngine.ConnectAsync(server);
        FeedReading start = await first.Engine.ReadAsync(Feed, null, default);

        long[] numbers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? first : second).Engine.AppendAsync(Feed, [(byte)i], Capacity, default))
        );
        FeedReading reading = await second.Engine.ReadAsync(Feed, start, default);

        Assert.Equal(Enumerable.Range(1, 50).Select(i => start.Position + i), numbers.Order());
        Assert.Equal(numbers.Max(), reading.Position);
        Assert.Equal(numbers.Index().OrderBy(it => it.Item).Select(it => (byte)it.Index), reading.Messages.Select(message => message[0]));
        Assert.False(reading.HasGap);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_reading_has_only_the_messages_after_the_previous_one(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);

        FeedReading empty = await node.Engine.ReadAsync(Feed, null, default);
        AssertReading(await node.Engine.ReadAsync(Feed, empty, default), empty.Position, hasGap: false);

        await node.Engine.AppendAsync(Feed, [1], Capacity, default);
        FeedReading one = await node.Engine.ReadAsync(Feed, empty, default);
        AssertReading(one, empty.Position + 1, hasGap: false, 1);
        AssertReading(await node.Engine.ReadAsync(Feed, one, default), one.Position, hasGap: false);

        await AppendAsync(node, 2, 3);
        AssertReading(await node.Engine.ReadAsync(Feed, one, default), one.Position + 2, hasGap: false, 2, 3);
        AssertReading(await node.Engine.ReadAsync(Feed, null, default), one.Position + 2, hasGap: false, 1, 2, 3);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_feed_keeps_its_capacity_and_a_node_that_missed_a_message_reads_a_gap(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        await AppendAsync(node, 1);
        FeedReading early = await node.Engine.ReadAsync(Feed, null, default);

        await AppendAsync(node, [.. Enumerable.Range(2, Capacity).Select(i => (byte)i)]);
        FeedReading late = await node.Engine.ReadAsync(Feed, early, default);

        AssertReading(late, early.Position + Capacity, hasGap: true, [.. Enumerable.Range(2, Capacity).Select(i => (byte)i)]);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_flushed_feed_is_a_gap_and_continues_with_higher_numbers(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        await AppendAsync(node, 1, 2);
        FeedReading before = await node.Engine.ReadAsync(Feed, null, default);

        await server.FlushAsync();
        FeedReading after = await node.Engine.ReadAsync(Feed, before, default);
        Assert.True(after.Position > before.Position);
        AssertReading(after, after.Position, hasGap: true);
        AssertReading(await node.Engine.ReadAsync(Feed, after, default), after.Position, hasGap: false);

        await AppendAsync(node, 3);
        AssertReading(await node.Engine.ReadAsync(Feed, after, default), after.Position + 1, hasGap: false, 3);
        AssertReading(await node.Engine.ReadAsync(Feed, before, default), after.Position + 1, hasGap: true, 3);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_message_that_is_the_first_after_a_flush_is_read_with_the_gap(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        await AppendAsync(node, 1, 2);
        FeedReading before = await node.Engine.ReadAsync(Feed, null, default);

        await server.FlushAsync();
        await AppendAsync(node, 2);

        FeedReading after = await node.Engine.ReadAsync(Feed, before, default);
        Assert.True(after.Position > before.Position);
        AssertReading(after, after.Position, hasGap: true, 2);
    }

    [Theory]
    [InlineData(EngineKind.Redis, 0)] // the replica that took over has the same number of messages, but another one
    [InlineData(EngineKind.Garnet, 0)]
    [InlineData(EngineKind.Redis, 5)]
    [InlineData(EngineKind.Redis, 60)] // more than the margin of a reading
    [InlineData(EngineKind.Garnet, 60)]
    public async Task A_failover_that_reuses_numbers_is_a_gap_with_every_message(EngineKind kind, int more)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        await AppendAsync(node, 1, 2);
        await AppendAsync(node, 3);
        FeedReading before = await node.Engine.ReadAsync(Feed, null, default);

        await server.SendAsync("RPOP", Messages);
        await server.SendAsync("SET", Count, (before.Position - 1).ToString(CultureInfo.InvariantCulture));
        byte[] appended = [.. Enumerable.Range(100, more + 1).Select(i => (byte)i)];
        await AppendAsync(node, appended);

        FeedReading after = await node.Engine.ReadAsync(Feed, before, default);
        AssertReading(after, before.Position + more, hasGap: true, [1, 2, .. appended]);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_failover_that_lost_messages_is_a_gap(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        await AppendAsync(node, 1, 2, 3);
        FeedReading before = await node.Engine.ReadAsync(Feed, null, default);

        await server.SendAsync("RPOP", Messages);
        await server.SendAsync("SET", Count, (before.Position - 1).ToString(CultureInfo.InvariantCulture));

        AssertReading(await node.Engine.ReadAsync(Feed, before, default), before.Position - 1, hasGap: true, 1, 2);
    }

    [Theory]
    [InlineData(EngineKind.Redis, Messages)]
    [InlineData(EngineKind.Redis, Count)]
    [InlineData(EngineKind.Garnet, Messages)]
    [InlineData(EngineKind.Garnet, Count)]
    public async Task A_part_of_the_feed_that_is_gone_is_a_gap(EngineKind kind, string key)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        await AppendAsync(node, 1, 2);
        FeedReading before = await node.Engine.ReadAsync(Feed, null, default);

        await server.SendAsync("DEL", key);
        await AppendAsync(node, 3);

        FeedReading after = await node.Engine.ReadAsync(Feed, before, default);
        AssertReading(after, after.Position, hasGap: true, key == Messages ? [3] : [1, 2, 3]);
        Assert.True(after.Position > before.Position);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_feed_that_has_lost_messages_is_another_one_until_it_is_restarted_above_their_numbers(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        FeedReading before = await AppendAheadAsync(server, node);
        await server.SendAsync("RPOP", Messages);
        await server.SendAsync("SET", Count, (before.Position - 1).ToString(CultureInfo.InvariantCulture));

        FeedReading lost = await node.Engine.ReadAsync(Feed, before, default);
        Assert.True(lost.IsOther);
        Assert.True(await node.Engine.RestartAsync(Feed, lost.Position, before.Position, default));
        FeedReading restarted = await node.Engine.ReadAsync(Feed, lost, default);

        Assert.False(restarted.IsOther);
        AssertReading(restarted, restarted.Position, hasGap: true, 1, 2);
        Assert.True(restarted.Position - 1 > before.Position); // that of the first message
        AssertReading(await node.Engine.ReadAsync(Feed, restarted, default), restarted.Position, hasGap: false);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_feed_that_was_created_again_with_lower_numbers_is_restarted_above_the_earlier_ones(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        FeedReading before = await AppendAheadAsync(server, node);
        await server.SendAsync("DEL", Messages, Count);

        FeedReading lost = await node.Engine.ReadAsync(Feed, before, default);
        Assert.True(lost.IsOther);
        await AppendAsync(node, 9);
        Assert.False(await node.Engine.RestartAsync(Feed, lost.Position, before.Position, default)); // another node has appended
        lost = await node.Engine.ReadAsync(Feed, lost, default);
        Assert.True(await node.Engine.RestartAsync(Feed, lost.Position, before.Position, default));

        FeedReading restarted = await node.Engine.ReadAsync(Feed, lost, default);
        AssertReading(restarted, restarted.Position, hasGap: true, 9);
        Assert.False(restarted.IsOther);
        Assert.True(restarted.Position > before.Position);
    }

    [Theory]
    [InlineData(EngineKind.Redis, 3600)]
    [InlineData(EngineKind.Redis, -3600)]
    [InlineData(EngineKind.Garnet, 3600)]
    public async Task The_numbers_begin_at_the_clock_of_the_engine_not_of_the_node(EngineKind kind, int ahead)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server, new ClockAhead(TimeSpan.FromSeconds(ahead)));

        FeedReading first = await node.Engine.ReadAsync(Feed, null, default);
        await server.FlushAsync();
        FeedReading second = await node.Engine.ReadAsync(Feed, first, default);
        await server.FlushAsync();
        long third = await node.Engine.AppendAsync(Feed, [1], Capacity, default);

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        foreach (long number in (long[])[first.Position, second.Position, third])
            Assert.InRange(DateTimeOffset.UnixEpoch.AddMicroseconds(number) - now, -TestEngine.Deadline, TestEngine.Deadline);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_restart_without_persistence_is_a_gap(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        await AppendAsync(node, 1);
        FeedReading before = await node.Engine.ReadAsync(Feed, null, default);

        await server.RestartAsync();
        await node.WaitUntilItWorksAsync();

        FeedReading after = await node.Engine.ReadAsync(Feed, before, default);
        Assert.True(after.Position > before.Position);
        AssertReading(after, after.Position, hasGap: true);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task Readings_while_other_nodes_append_miss_no_message_and_repeat_none(EngineKind kind)
    {
        const int Total = 2_000;
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine writer = await TestEngine.ConnectAsync(server);
        await using TestEngine reader = await TestEngine.ConnectAsync(server);
        FeedReading reading = await reader.Engine.ReadAsync(Feed, null, default);

        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < Total; i += 20)
            {
                await Task.WhenAll(
                    Enumerable.Range(i, 20).Select(n => writer.Engine.AppendAsync(Feed, BitConverter.GetBytes(n), Total, default))
                );
            }
        });
        List<int> received = [];
        while (received.Count < Total)
        {
            reading = await reader.Engine.ReadAsync(Feed, reading, default);
            Assert.False(reading.HasGap);
            received.AddRange(reading.Messages.Select(message => BitConverter.ToInt32(message)));
        }

        await writing;
        Assert.Equal(Enumerable.Range(0, Total), received.Order());
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_reading_has_the_time_of_the_engine(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);

        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        FeedReading reading = await node.Engine.ReadAsync(Feed, null, default);
        DateTimeOffset after = TimeProvider.System.GetUtcNow();

        TimeSpan resolution = TimeSpan.FromMilliseconds(1);
        Assert.InRange(reading.EngineTime!.Value, before - resolution, after + resolution);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_subscription_that_has_ended_is_not_notified_and_another_of_the_same_feed_is(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine writer = await TestEngine.ConnectAsync(server);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        int ended = 0;
        using var notified = new SemaphoreSlim(0);
        IAsyncDisposable subscription = await node.Engine.SubscribeAsync(Feed, () => Interlocked.Increment(ref ended), default);
        await node.Engine.SubscribeAsync(Feed, () => notified.Release(), default);

        await subscription.DisposeAsync();
        await subscription.DisposeAsync();
        await AppendAsync(writer, 1);

        Assert.True(await notified.WaitAsync(TestEngine.Deadline));
        Assert.Equal(0, ended);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_subscriber_is_notified_about_messages_also_after_the_connection_was_lost(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using var proxy = new TcpProxy(server.Port);
        await using TestEngine writer = await TestEngine.ConnectAsync(server);
        await using var node = new TestEngine(proxy.Address);
        using var notified = new SemaphoreSlim(0);
        await node.WaitUntilItWorksAsync();
        await node.Engine.SubscribeAsync(Feed, () => notified.Release(), default);

        await AppendAsync(writer, 1);
        Assert.True(await notified.WaitAsync(TestEngine.Deadline));

        proxy.DropConnections();
        Assert.True(await notified.WaitAsync(TestEngine.Deadline)); // the restored connection

        await node.WaitUntilItWorksAsync();
        while (await notified.WaitAsync(TimeSpan.FromSeconds(2))) { } // the second restored connection, of subscriptions
        await AppendAsync(writer, 2);
        Assert.True(await notified.WaitAsync(TestEngine.Deadline));
    }

    /// <summary>Appends messages to a feed that a node has created whose clock was a day ahead.</summary>
    private static async Task<FeedReading> AppendAheadAsync(RedisServer server, TestEngine node)
    {
        long ahead = (TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1)).ToUnixTimeMilliseconds() * 1_000;
        await server.SendAsync("SET", Count, ahead.ToString(CultureInfo.InvariantCulture));
        await AppendAsync(node, 1, 2, 3);
        return await node.Engine.ReadAsync(Feed, null, default);
    }

    private static async Task AppendAsync(TestEngine node, params byte[] messages)
    {
        foreach (byte message in messages)
            await node.Engine.AppendAsync(Feed, [message], Capacity, default);
    }

    private static void AssertReading(FeedReading reading, long position, bool hasGap, params byte[] messages)
    {
        Assert.Equal((position, hasGap), (reading.Position, reading.HasGap));
        Assert.Equal(messages, reading.Messages.Select(message => Assert.Single(message)));
        if (messages is [.., var latest])
            Assert.Equal<byte>([latest], reading.LatestMessage!);
    }
}
