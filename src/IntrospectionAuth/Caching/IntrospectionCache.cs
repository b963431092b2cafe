using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using IntrospectionAuth.Introspection;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Caching;

/// <summary>Remembers answers in memory: for each scheme one bounded store of active and one of inactive answers.</summary>
internal sealed class IntrospectionCache(ILogger<IntrospectionCache> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, Stores> _stores = new(StringComparer.Ordinal);

    public bool TryGet(string scheme, OAuthIntrospectionOptions options, in CacheKey key, DateTimeOffset now, [NotNullWhen(true)] out IntrospectionResult? result)
    {
        if (_stores.TryGetValue(scheme, out Stores? stores)
            && (stores.Active.TryGetValue(key.AsChars(), out result) || stores.Inactive.TryGetValue(key.AsChars(), out result)))
        {
            // The store has its own idea of the entry's end, made when it was stored. Options may have become stricter since.
            return result is not null && now < Freshness.End(result, key, options.Cache);
        }

        result = null;
        return false;
    }

    public void Set(string scheme, OAuthIntrospectionOptions options, in CacheKey key, IntrospectionResult result)
    {
        if (result.IsUnavailable)
            return;

        Stores stores = _stores.GetOrAdd(scheme, static (_, options) => new Stores(options), options);
        string text = new(key.AsChars());
        (MemoryCache store, MemoryCache other) = result.Response is null ? (stores.Inactive, stores.Active) : (stores.Active, stores.Inactive);
        other.Remove(text);

        DateTimeOffset end = Freshness.End(result, key, options.Cache);
        if (end > result.ObtainedAt)
            store.Set(text, result, new MemoryCacheEntryOptions { AbsoluteExpiration = end, Size = 1 });
        else
            store.Remove(text);

        if (result.ServerMaximumAge == TimeSpan.Zero && options.Cache.HonorCacheControl && stores.IsFirstRefusal())
            logger.NotKept(scheme);
    }

    public void Dispose()
    {
        foreach (Stores stores in _stores.Values)
            stores.Dispose();
    }

    private sealed class Stores(OAuthIntrospectionOptions options) : IDisposable
    {
        private int _refusals;

        public MemoryCache Active { get; } = Create(options, options.Cache.MaximumEntries);

        public MemoryCache Inactive { get; } = Create(options, options.Cache.MaximumInactiveEntries);

        /// <summary>Whether the server forbids for the first time to keep its answer.</summary>
        public bool IsFirstRefusal() => _refusals == 0 && Interlocked.Exchange(ref _refusals, 1) == 0;

        public void Dispose()
        {
            Active.Dispose();
            Inactive.Dispose();
        }

        private static MemoryCache Create(OAuthIntrospectionOptions options, int limit) =>
            new(new MemoryCacheOptions { SizeLimit = limit, Clock = new Clock(options.TimeProvider ?? TimeProvider.System) });
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
