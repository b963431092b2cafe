using Microsoft.Extensions.Caching.Distributed;

namespace IntrospectionAuth.SharedCache;

/// <summary>An engine on any <see cref="IDistributedCache"/>. It has no feed and grants no leases.</summary>
/// <remarks>Some caches block their thread, so each operation has its own, and its time can be limited.</remarks>
internal sealed class DistributedCacheEngine(IDistributedCache cache) : ISharedCacheEngine
{
    public string Name => cache.GetType().Name;

    /// <summary>Whether the cache is in the memory of this process, so that nothing is shared.</summary>
    public bool IsLocal => cache is MemoryDistributedCache;

    public Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken) =>
        Task.Run(() => cache.GetAsync(key, cancellationToken), cancellationToken);

    public Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
                cache.SetAsync(
                    key,
                    value,
                    new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = lifetime },
                    cancellationToken
                ),
            cancellationToken
        );

    public Task RemoveAsync(string key, CancellationToken cancellationToken) =>
        Task.Run(() => cache.RemoveAsync(key, cancellationToken), cancellationToken);
}
