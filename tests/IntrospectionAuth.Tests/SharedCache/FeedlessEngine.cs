namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>An engine that only stores values, like an <see cref="Microsoft.Extensions.Caching.Distributed.IDistributedCache"/>.</summary>
internal sealed class FeedlessEngine(InMemoryFleetEngine engine) : ISharedCacheEngine
{
    public string Name => "without feed";

    public Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken) => Task.FromResult(engine.Get(key));

    public Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        engine.Set(key, value, lifetime);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        engine.Remove(key);
        return Task.CompletedTask;
    }
}
