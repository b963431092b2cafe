using Microsoft.Extensions.Caching.Distributed;

namespace IntrospectionAuth.SharedCache;

/// <summary>An engine on any <see cref="IDistributedCache"/>. It has no feed and grants no leases.</summary>
/// <remarks>Some caches block their thread, so each operation has its own, and its time can be limited.</remarks>
internal sealed class DistributedCacheEngine(IDistributedCache cache) : ISharedCacheEngine
{
    // A cache that never returns must not block one more thread at each attempt.
    private const int MaximumStuckThreads = 16;

    private readonly StuckThreads _stuck = new();

    public string Name => cache.GetType().Name;

    /// <summary>Whether the cache is in the memory of this process, so that nothing is shared.</summary>
    public bool IsLocal => cache is MemoryDistributedCache;

    public Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken) =>
        RunAsync(() => cache.GetAsync(key, cancellationToken), cancellationToken);

    public Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        RunAsync(
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
        RunAsync(() => cache.RemoveAsync(key, cancellationToken), cancellationToken);

    private Task<bool> RunAsync(Func<Task> run, CancellationToken cancellationToken) =>
        RunAsync(
            async () =>
            {
                await run();
                return true;
            },
            cancellationToken
        );

    private async Task<T> RunAsync<T>(Func<Task<T>> run, CancellationToken cancellationToken)
    {
        if (_stuck.Count >= MaximumStuckThreads)
            throw new InvalidOperationException($"The operations of {Name} block {MaximumStuckThreads} threads already.");

        // An operation that waited for a thread until its time was up does not begin.
        return await _stuck.RunAsync(
            () => cancellationToken.IsCancellationRequested ? Task.FromCanceled<T>(cancellationToken) : run(),
            cancellationToken
        );
    }
}
