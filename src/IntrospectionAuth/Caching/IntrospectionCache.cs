using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
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

    /// <returns>The active and the inactive entries of a scheme, for the diagnostics page; null before the first was stored.</returns>
    public (EntryStore Active, EntryStore Inactive)? FindStores(string scheme) =>
        _stores.TryGetValue(scheme, out Stores? stores) ? (stores.Active, stores.Inactive) : null;

    /// <summary>Stores the result of a call, unless it must not be cached or a call with a higher number has stored its own.</summary>
    /// <remarks><paramref name="mayStore"/> has the last check. It runs under the lock that every change takes.</remarks>
    public void Set(IntrospectionScheme scheme, in CacheKey key, IntrospectionResult result, long callNumber, Func<bool> mayStore)
    {
        OAuthIntrospectionCacheOptions options = scheme.Options.Cache;
        Stores stores = _stores.GetOrAdd(scheme.Name, static (_, options) => new Stores(options), options);
        lock (_lock)
        {
            bool hasNewer = Find(scheme.Name, key)?.CallNumber > callNumber;
            if (!hasNewer && mayStore())
                stores.Set(new CacheEntry(key, result) { CallNumber = callNumber }, options);
        }

        if (result.ServerMaximumAge == TimeSpan.Zero && options.HonorCacheControl && stores.IsFirstUncacheable())
            _logger.CachingForbidden(scheme.Name);
    }

    /// <returns>The number of entries that were removed.</returns>
    public int Remove(string scheme, in CacheKey key)
    {
        if (!_stores.TryGetValue(scheme, out Stores? stores))
            return 0;

        lock (_lock)
            return (stores.Active.Remove(key) ? 1 : 0) + (stores.Inactive.Remove(key) ? 1 : 0);
    }

    /// <summary>Removes the active entries that match, by scheme. The caller has recorded the removal in the in-flight calls.</summary>
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

    /// <summary>Removes every entry of every scheme. The caller has recorded the removal in the in-flight calls.</summary>
    public void RemoveAll()
    {
        foreach (string scheme in _stores.Keys)
            RemoveAll(scheme);
    }

    /// <summary>Removes every entry of a scheme, active or not. The caller has recorded the removal in the in-flight calls.</summary>
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

    /// <summary>Takes a snapshot under the lock: it has the entry of every call that checked before the removal was recorded.</summary>
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

        public void Set(CacheEntry entry, OAuthIntrospectionCacheOptions options)
        {
            (EntryStore store, EntryStore other) = entry.Response is null ? (Inactive, Active) : (Active, Inactive);
            other.Remove(entry.Key);
            entry.End = Freshness.UsableUntil(entry, options);
            if (entry.End > entry.ObtainedAt)
                store.Set(entry, entry.ObtainedAt);
            else
                store.Remove(entry.Key);
        }

        /// <summary>Whether this is the first response that the server forbids to cache.</summary>
        public bool IsFirstUncacheable() => _uncacheable == 0 && Interlocked.Exchange(ref _uncacheable, 1) == 0;
    }
}
