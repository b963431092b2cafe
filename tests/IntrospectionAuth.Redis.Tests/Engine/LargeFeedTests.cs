using System.Diagnostics;
using IntrospectionAuth.Redis.Tests.Engines;
using StackExchange.Redis;

namespace IntrospectionAuth.Redis.Tests.Engine;

/// <summary>Feeds that take several replies to read.</summary>
[Collection("Engines")]
public sealed class LargeFeedTests
{
    private const string Feed = "ia:feed";

    [Fact]
    public async Task A_feed_that_takes_longer_than_the_time_limit_of_a_command_is_read_as_a_whole()
    {
        const int count = 1_500;
        await using RedisServer server = await RedisServer.StartAsync(EngineKind.Redis);
        await using var proxy = new TcpProxy(server.Port);
        await using TestEngine writer = await TestEngine.ConnectAsync(server);
        await using var reader = new TestEngine(proxy.Address);
        await reader.WaitUntilItWorksAsync();
        await AppendAsync(writer, count, capacity: count, length: 2_000);

        proxy.Shape(new LinkShape { BytesPerSecond = 1_000_000 });
        long started = Stopwatch.GetTimestamp();
        FeedReading reading = await reader.Engine.ReadAsync(Feed, null, default);

        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(2)); // the limit of a command is one second
        Assert.Equal(Enumerable.Range(0, count), reading.Messages.Select(NumberOf));
    }

    [Theory]
    [InlineData(EngineKind.Redis, 199)]
    [InlineData(EngineKind.Redis, 200)]
    [InlineData(EngineKind.Redis, 201)]
    [InlineData(EngineKind.Redis, 400)]
    [InlineData(EngineKind.Redis, 1_001)]
    [InlineData(EngineKind.Garnet, 200)]
    [InlineData(EngineKind.Garnet, 1_001)]
    public async Task Every_message_is_read_once_and_in_order(EngineKind kind, int count)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        FeedReading empty = await node.Engine.ReadAsync(Feed, null, default);
        await AppendAsync(node, 1, capacity: count);
        FeedReading one = await node.Engine.ReadAsync(Feed, empty, default);
        await AppendAsync(node, count - 1, capacity: count, from: 1);

        FeedReading all = await node.Engine.ReadAsync(Feed, null, default);
        FeedReading sinceEmpty = await node.Engine.ReadAsync(Feed, empty, default);
        FeedReading sinceOne = await node.Engine.ReadAsync(Feed, one, default);

        Assert.All((FeedReading[])[all, sinceEmpty, sinceOne], reading => Assert.Equal(empty.Position + count, reading.Position));
        Assert.Equal(Enumerable.Range(0, count), all.Messages.Select(NumberOf));
        Assert.Equal(Enumerable.Range(0, count), sinceEmpty.Messages.Select(NumberOf));
        Assert.Equal(Enumerable.Range(1, count - 1), sinceOne.Messages.Select(NumberOf));
        Assert.False(sinceEmpty.HasGap || sinceOne.HasGap);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_feed_is_read_with_its_numbers_while_others_append_and_old_messages_are_dropped(EngineKind kind)
    {
        const int capacity = 800;
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine writer = await TestEngine.ConnectAsync(server);
        await using TestEngine reader = await TestEngine.ConnectAsync(server);
        FeedReading empty = await reader.Engine.ReadAsync(Feed, null, default);
        await AppendAsync(writer, capacity, capacity);
        using var stopping = new CancellationTokenSource();
        Task appending = Task.Run(async () =>
        {
            for (int i = capacity; !stopping.IsCancellationRequested; i++)
                await AppendAsync(writer, 1, capacity, from: i);
        });

        for (int i = 0; i < 30; i++)
        {
            FeedReading reading = await reader.Engine.ReadAsync(Feed, null, default);
            int latest = (int)(reading.Position - empty.Position - 1);
            Assert.Equal(Enumerable.Range(latest - reading.Messages.Count + 1, reading.Messages.Count), reading.Messages.Select(NumberOf));
            Assert.InRange(reading.Messages.Count, capacity / 2, capacity);
        }

        await stopping.CancelAsync();
        await appending;
    }

    [Fact]
    public async Task No_reply_has_more_than_a_part_of_the_feed()
    {
        const int count = 2_000;
        string[] logged = ["--slowlog-log-slower-than", "0", "--slowlog-max-len", "100000"];
        await using RedisServer server = await RedisServer.StartAsync(EngineKind.Redis, logged);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        FeedReading empty = await node.Engine.ReadAsync(Feed, null, default);
        await AppendAsync(node, count, capacity: count);
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{server.Address},allowAdmin=true");

        await node.Engine.ReadAsync(Feed, null, default);
        await node.Engine.ReadAsync(Feed, empty, default);

        CommandTrace[] ranges =
        [
            .. (await connection.GetServers()[0].SlowlogGetAsync(100_000)).Where(static it => it.Arguments[0] == "LRANGE"),
        ];
        Assert.All(ranges, static it => Assert.InRange((long)it.Arguments[3] - (long)it.Arguments[2], 0, 200));
        Assert.InRange(ranges.Length, 2 * count / 200, (2 * count / 200) + 5);
    }

    private static int NumberOf(byte[] message) => BitConverter.ToInt32(message);

    private static async Task AppendAsync(TestEngine node, int count, int capacity, int from = 0, int length = 4)
    {
        foreach (int[] some in Enumerable.Range(from, count).Chunk(100))
        {
            // One connection sends them in this order.
            await Task.WhenAll(some.Select(i => node.Engine.AppendAsync(Feed, Message(i, length), capacity, default)));
        }
    }

    private static byte[] Message(int number, int length)
    {
        byte[] message = new byte[length];
        BitConverter.TryWriteBytes(message, number);
        return message;
    }
}
