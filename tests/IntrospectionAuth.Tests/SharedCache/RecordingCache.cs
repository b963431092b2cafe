using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A cache that the nodes of a test share, and that records what is written. Its entries do not expire.</summary>
internal sealed class RecordingCache : IDistributedCache
{
    private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions()));

    public Journal<(string Key, TimeSpan? Lifetime)> Writes { get; } = new();

    public Journal<string> Removals { get; } = new();

    /// <summary>Runs before each operation, on its thread.</summary>
    public Action Fault { get; set; } = static () => { };

    public byte[]? Get(string key)
    {
        Fault();
        return _cache.Get(key);
    }

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        Fault();
        _cache.Set(key, value, new DistributedCacheEntryOptions());
        Writes.Add((key, options.AbsoluteExpirationRelativeToNow));
    }

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Set(key, value, options);
        return Task.CompletedTask;
    }

    public void Remove(string key)
    {
        Fault();
        _cache.Remove(key);
        Removals.Add(key);
    }

    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        Remove(key);
        return Task.CompletedTask;
    }

    public void Refresh(string key) => Get(key);

    public Task RefreshAsync(string key, CancellationToken token = default) => GetAsync(key, token);
}
