using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Caching;

/// <summary>The responses in memory. Each scheme has a bounded store of active responses and one of inactive responses.</summary>
internal sealed class IntrospectionCache
{
    private readonly ConcurrentDictionary<string, Stores> _stores = new(StringComparer.Ordinal);
    private readonly ILogger<IntrospectionCache> _logger;

    // Look-ups take no lock. Changes do, so that the check whether a result is superseded and its storing are one step.
    private readonly Lock _lock = new();

    public IntrospectionCache(IntrospectionMetrics metrics, ILogger<IntrospectionCache> logger)
    {
        _logger = logger;
        metrics.ObserveStores(() => Measure(static store => store.Count), () => Measure(static store => store.Evictions));
    }

    public CacheEntry? Find(string scheme, in CacheKey key) =>
        _stores.TryGetValue(scheme, out Stores? stores)
        && (stores.Active.TryGet(key, out CacheEntry? entry) || stores.Inactive.TryGet(key, out entry))
            ? entry
            : null;

    /// <summary>Finds the result of an entry that is in the given state or a better one, and fresh enough for the endpoint.</summary>
    public IntrospectionResult? FindResult(IntrospectionScheme scheme, in CacheKey key, TimeSpan? requiredFreshness, EntryState atLeast)
    {
        DateTimeOffset now = scheme.Now;
        return
            Find(scheme.Name, key) is { } entry
            && Freshness.StateOf(entry, scheme.Options.Cache, now) >= atLeast
            && !Freshness.IsTooOld(entry.ObtainedAt, requiredFreshness, now)
            ? entry.Result
            : null;
    }

    /// <summary>Whether the scheme has an active response that can be served now, stale ones included.</summary>
    public bool HasActive(IntrospectionScheme scheme)
    {
        DateTimeOffset now = scheme.Now;
        return _stores.TryGetValue(scheme.Name, out Stores? stores)
            && stores.Active.Entries.Any(entry => Freshness.StateOf(entry, scheme.Options.Cache, now) != EntryState.Expired);
    }

    /// <summary>Stores the result of a call, unless it must not be cached or is superseded.</summary>
    public void Set(SharedCall call, IntrospectionResult result)
    {
        if (result.IsUnavailable)
            return;

        // Before the check: an older call that checks later finds this result, one that has checked already is replaced below.
        call.NoteResult(result);
        OAuthIntrospectionCacheOptions options = call.Server.Options.Cache;
        Stores stores = _stores.GetOrAdd(call.Server.Name, static (_, cache) => new Stores(cache), options);
        lock (_lock)
        {
            bool hasNewer = call.HasNewerResult || Find(call.Server.Name, call.Key)?.CallNumber > call.Order;
            if (!hasNewer && call.FindSuperseding(result) == SupersededBy.Nothing)
                Set(stores, call, result, options);
        }

        if (result.ServerMaximumAge == TimeSpan.Zero && options.HonorCacheControl && stores.IsFirstUncacheable())
            _logger.CachingForbidden(call.Server.Name);
    }

    private static void Set(Stores stores, SharedCall call, IntrospectionResult result, OAuthIntrospectionCacheOptions options)
    {
        (EntryStore store, EntryStore other) = result.Response is null
            ? (stores.Inactive, stores.Active)
            : (stores.Active, stores.Inactive);
        other.Remove(call.Key);

        var entry = new CacheEntry(call.Key, result) { CallNumber = call.Order };
        entry.End = Freshness.UsableUntil(entry, options);
        if (entry.End > result.ObtainedAt)
            store.Set(entry, result.ObtainedAt);
        else
            store.Remove(call.Key);
    }

    /// <returns>The number of entries that were removed.</returns>
    public int Remove(string scheme, in CacheKey key)
    {
        if (!_stores.TryGetValue(scheme, out Stores? stores))
            return 0;

        lock (_lock)
            return (stores.Active.Remove(key) ? 1 : 0) + (stores.Inactive.Remove(key) ? 1 : 0);
    }

    /// <summary>Removes the active entries that match. The caller has superseded the in-flight calls before.</summary>
    /// <returns>The number of entries that were removed.</returns>
    public int Remove(Func<string, Predicate<IntrospectionResponse>> matchOf)
    {
        int removed = 0;
        foreach ((string scheme, Stores stores) in _stores)
        {
            Predicate<IntrospectionResponse> isMatch = matchOf(scheme);
            foreach (CacheEntry entry in Snapshot(stores.Active))
            {
                if (isMatch(entry.Response!) && stores.Active.Remove(entry))
                    removed++;
            }
        }

        return removed;
    }

    /// <summary>Removes every entry of a scheme, active or not. The caller has superseded the in-flight calls before.</summary>
    public void RemoveAll(string scheme)
    {
        if (!_stores.TryGetValue(scheme, out Stores? stores))
            return;

        foreach (EntryStore store in (EntryStore[])[stores.Active, stores.Inactive])
        {
            foreach (CacheEntry entry in Snapshot(store))
                store.Remove(entry);
        }
    }

    /// <summary>Takes the snapshot under the lock: it holds the entry of every call that was not yet superseded when it checked.</summary>
    private IEnumerable<CacheEntry> Snapshot(EntryStore store)
    {
        lock (_lock)
            return store.Entries;
    }

    private IEnumerable<Measurement<T>> Measure<T>(Func<EntryStore, T> measure)
        where T : struct
    {
        foreach ((string scheme, Stores stores) in _stores)
        {
            yield return new Measurement<T>(measure(stores.Active), IntrospectionMetrics.EntryTags(scheme, isActive: true));
            yield return new Measurement<T>(measure(stores.Inactive), IntrospectionMetrics.EntryTags(scheme, isActive: false));
        }
    }

    private sealed class Stores(OAuthIntrospectionCacheOptions options)
    {
        private int _uncacheable;

        public EntryStore Active { get; } = new(options.MaximumEntries);

        public EntryStore Inactive { get; } = new(options.MaximumInactiveEntries);

        /// <summary>Whether this is the first response that the server forbids to cache.</summary>
        public bool IsFirstUncacheable() => _uncacheable == 0 && Interlocked.Exchange(ref _uncacheable, 1) == 0;
    }
}
