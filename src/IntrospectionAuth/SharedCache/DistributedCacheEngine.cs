using Microsoft.Extensions.Caching.Distributed;

namespace IntrospectionAuth.SharedCache;

/// <summary>An engine on any <see cref="IDistributedCache"/>. It has no feed and grants no leases.</summary>
internal sealed class DistributedCacheEngine(IDistributedCache cache) : ISharedCacheEngine
{
    public string Name => cache.GetType().Name;

    public Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken) => cache.GetAsync(key, cancellationToken);

    public Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        cache.SetAsync(key, value, new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = lifetime }, cancellationToken);

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => cache.RemoveAsync(key, cancellationToken);
}
