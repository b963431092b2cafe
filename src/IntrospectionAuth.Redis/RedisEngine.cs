using System.Collections.Concurrent;
using StackExchange.Redis;

namespace IntrospectionAuth.Redis;

/// <summary>Redis, or another engine that speaks its protocol. It needs no modules, no streams and no Lua.</summary>
/// <remarks>
/// Every command is for the primary: a replica may not have received a removal. Every wait ends with the cancellation token.
/// </remarks>
internal sealed class RedisEngine(RedisConnection connection) : IFleetEngine, IAsyncDisposable
{
    private readonly ConcurrentDictionary<RedisSubscription, bool> _subscriptions = new();

    public string Name => "Redis";

    public async Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        IDatabase database = await connection.GetDatabaseAsync(cancellationToken);
        return await database.StringGetAsync(key, CommandFlags.DemandMaster).Observed().WaitAsync(cancellationToken);
    }

    public Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        SetAsync(key, value, lifetime, When.Always, cancellationToken);

    public Task<bool> TryAddAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        SetAsync(key, value, lifetime, When.NotExists, cancellationToken);

    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        IDatabase database = await connection.GetDatabaseAsync(cancellationToken);
        await database.KeyDeleteAsync(key, CommandFlags.DemandMaster).Observed().WaitAsync(cancellationToken);
    }

    public async Task<long> AppendAsync(string feed, byte[] message, int capacity, CancellationToken cancellationToken) =>
        await new RedisFeed(feed).AppendAsync(await connection.GetDatabaseAsync(cancellationToken), message, capacity, cancellationToken);

    public async Task<FeedReading> ReadAsync(string feed, FeedReading? previous, CancellationToken cancellationToken) =>
        await new RedisFeed(feed).ReadAsync(await connection.GetDatabaseAsync(cancellationToken), previous, cancellationToken);

    public async Task<bool> RestartAsync(string feed, long position, CancellationToken cancellationToken) =>
        await new RedisFeed(feed).RestartAsync(await connection.GetDatabaseAsync(cancellationToken), position, cancellationToken);

    public async Task<IAsyncDisposable> SubscribeAsync(string feed, Action onAppended, CancellationToken cancellationToken)
    {
        IConnectionMultiplexer multiplexer = await connection.GetAsync(cancellationToken);
        RedisChannel channel = new RedisFeed(feed).Channel;
        ISubscriber subscriber = multiplexer.GetSubscriber();
        void OnMessage(RedisChannel _, RedisValue __) => onAppended();
        void OnRestored(object? _, ConnectionFailedEventArgs __) => onAppended(); // notifications got lost in the meantime

        try
        {
            await subscriber.SubscribeAsync(channel, OnMessage).Observed().WaitAsync(cancellationToken);
        }
        catch
        {
            // Without this, a repeated call would subscribe twice: StackExchange.Redis subscribes when it connects.
            await subscriber.UnsubscribeAsync(channel, OnMessage, CommandFlags.FireAndForget);
            throw;
        }

        multiplexer.ConnectionRestored += OnRestored;
        var subscription = new RedisSubscription(ended =>
        {
            multiplexer.ConnectionRestored -= OnRestored;
            subscriber.Unsubscribe(channel, OnMessage, CommandFlags.FireAndForget);
            _subscriptions.TryRemove(ended, out _);
        });
        _subscriptions[subscription] = true;
        return subscription;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RedisSubscription subscription in _subscriptions.Keys)
            await subscription.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task<bool> SetAsync(string key, byte[] value, TimeSpan lifetime, When when, CancellationToken cancellationToken)
    {
        IDatabase database = await connection.GetDatabaseAsync(cancellationToken);
        return await database.StringSetAsync(key, value, lifetime, when, CommandFlags.DemandMaster).Observed().WaitAsync(cancellationToken);
    }
}
