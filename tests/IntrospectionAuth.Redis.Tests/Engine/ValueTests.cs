using System.Diagnostics;
using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Redis.Tests.Engine;

/// <summary>Values with a lifetime, over real engines.</summary>
[Collection("Engines")]
public sealed class ValueTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_value_is_found_until_it_is_removed(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        byte[] value = [0, 13, 10, 255, .. Enumerable.Repeat((byte)7, 10_000)];

        Assert.Null(await node.Engine.GetAsync("key", default));
        await node.Engine.SetAsync("key", [1], s_long, default);
        await node.Engine.SetAsync("key", value, s_long, default);
        Assert.Equal(value, await node.Engine.GetAsync("key", default));

        await node.Engine.RemoveAsync("key", default);
        await node.Engine.RemoveAsync("key", default);
        Assert.Null(await node.Engine.GetAsync("key", default));
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_value_is_gone_after_its_lifetime(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine node = await TestEngine.ConnectAsync(server);
        TimeSpan lifetime = TimeSpan.FromMilliseconds(300);

        long started = Stopwatch.GetTimestamp();
        await node.Engine.SetAsync("key", [1], lifetime, default);
        while (await node.Engine.GetAsync("key", default) is not null)
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TestEngine.Deadline);

        Assert.InRange(Stopwatch.GetElapsedTime(started), lifetime - TimeSpan.FromMilliseconds(5), TestEngine.Deadline);
        await node.Engine.SetAsync("key", [1], TimeSpan.FromMilliseconds(1), default);
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task Exactly_one_of_100_simultaneous_additions_succeeds(EngineKind kind)
    {
        await using RedisServer server = await RedisServer.StartAsync(kind);
        await using TestEngine first = await TestEngine.ConnectAsync(server);
        await using TestEngine second = await TestEngine.ConnectAsync(server);

        bool[] added = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i => Task.Run(() => (i % 2 == 0 ? first : second).Engine.TryAddAsync("key", [(byte)i], s_long, default)))
        );

        int winner = Array.IndexOf(added, true);
        Assert.Single(added, true);
        Assert.Equal((byte)winner, Assert.Single((await first.Engine.GetAsync("key", default))!));
    }
}
