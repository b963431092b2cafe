using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>The distributed cache in memory, on the clock of a test. It records what is written and removed.</summary>
internal sealed class RecordingDistributedCache(TimeProvider time) : IDistributedCache
{
    private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions { Clock = new Clock(time) }));

    public Journal<(string Key, byte[] Value, TimeSpan? Lifetime)> Writes { get; } = new();

    public Journal<string> Removals { get; } = new();

    public byte[]? Get(string key) => _cache.Get(key);

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => _cache.GetAsync(key, token);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        _cache.Set(key, value, options);
        Writes.Add((key, value, options.AbsoluteExpirationRelativeToNow));
    }

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Set(key, value, options);
        return Task.CompletedTask;
    }

    public void Remove(string key)
    {
        _cache.Remove(key);
        Removals.Add(key);
    }

    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        Remove(key);
        return Task.CompletedTask;
    }

    public void Refresh(string key) => throw new NotSupportedException();

    public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
