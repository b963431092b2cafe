using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using IntrospectionAuth.Introspection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Caching;

/// <summary>Remembers answers in memory: for each scheme one bounded store of active and one of inactive answers.</summary>
internal sealed class IntrospectionCache(ILogger<IntrospectionCache> logger)
{
    private readonly ConcurrentDictionary<string, Stores> _stores = new(StringComparer.Ordinal);

    public bool TryGet(string scheme, OAuthIntrospectionOptions options, in CacheKey key, DateTimeOffset now, [NotNullWhen(true)] out IntrospectionResult? result)
    {
        if (_stores.TryGetValue(scheme, out Stores? stores)
            && (stores.Active.TryGet(key, out result) || stores.Inactive.TryGet(key, out result))
            && result.ObtainedAt <= now // false when the clock was set back
            && now < Freshness.End(result, key, options.Cache)) // by the options as they are now, not as they were
        {
            return true;
        }

        result = null;
        return false;
    }

    public void Set(string scheme, OAuthIntrospectionOptions options, in CacheKey key, IntrospectionResult result)
    {
        if (result.IsUnavailable)
            return;

        Stores stores = _stores.GetOrAdd(scheme, static (_, cache) => new Stores(cache), options.Cache);
        (AnswerStore store, AnswerStore other) = result.Response is null ? (stores.Inactive, stores.Active) : (stores.Active, stores.Inactive);
        other.Remove(key);

        DateTimeOffset end = Freshness.End(result, key, options.Cache);
        if (end > result.ObtainedAt)
            store.Set(key, result, end, result.ObtainedAt);
        else
            store.Remove(key);

        if (result.ServerMaximumAge == TimeSpan.Zero && options.Cache.HonorCacheControl && stores.IsFirstRefusal())
            logger.NotKept(scheme);
    }

    private sealed class Stores(OAuthIntrospectionCacheOptions options)
    {
        private int _refusals;

        public AnswerStore Active { get; } = new(options.MaximumEntries);

        public AnswerStore Inactive { get; } = new(options.MaximumInactiveEntries);

        /// <summary>Whether the server forbids for the first time to keep its answer.</summary>
        public bool IsFirstRefusal() => _refusals == 0 && Interlocked.Exchange(ref _refusals, 1) == 0;
    }
}
