using System.Collections.Concurrent;
using StackExchange.Redis;

namespace IntrospectionAuth.Redis;

/// <summary>Redis, or another engine that speaks its protocol. It needs no modules, no streams and no Lua.</summary>
/// <remarks>
/// Every command is for the primary: a replica may not have received a removal. Every wait ends with the cancellation token.
/// </remarks>
internal sealed class RedisEngine(RedisConnection connection, TimeProvider time) : IFleetEngine, IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<RedisSubscription, bool> _subscriptions = new();
    private readonly EngineClock _clock = new(time);

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
        await Feed(feed).AppendAsync(await connection.GetDatabaseAsync(cancellationToken), message, capacity, cancellationToken);

    public async Task<FeedReading> ReadAsync(string feed, FeedReading? previous, CancellationToken cancellationToken) =>
        await Feed(feed).ReadAsync(await connection.GetDatabaseAsync(cancellationToken), previous, cancellationToken);

    public async Task<bool> RestartAsync(string feed, long position, long highest, CancellationToken cancellationToken) =>
        await Feed(feed).RestartAsync(await connection.GetDatabaseAsync(cancellationToken), position, highest, cancellationToken);

    public async Task<IAsyncDisposable> SubscribeAsync(string feed, Action onAppended, CancellationToken cancellationToken)
    {
        IConnectionMultiplexer multiplexer = await connection.GetAsync(cancellationToken);
        RedisChannel channel = Feed(feed).Channel;
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
        EndSubscriptions();
        await connection.DisposeAsync();
    }

    /// <summary>A container that is disposed synchronously needs it.</summary>
    public void Dispose()
    {
        EndSubscriptions();
        connection.Dispose();
    }

    private void EndSubscriptions()
    {
        foreach (RedisSubscription subscription in _subscriptions.Keys)
            subscription.End();
    }

    private RedisFeed Feed(string name) => new(name, _clock);

    private async Task<bool> SetAsync(string key, byte[] value, TimeSpan lifetime, When when, CancellationToken cancellationToken)
    {
        IDatabase database = await connection.GetDatabaseAsync(cancellationToken);
        return await database.StringSetAsync(key, value, lifetime, when, CommandFlags.DemandMaster).Observed().WaitAsync(cancellationToken);
    }
}
