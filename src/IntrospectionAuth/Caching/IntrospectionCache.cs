using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Caching;

/// <summary>Remembers answers in memory: for each scheme one bounded store of active and one of inactive answers.</summary>
internal sealed class IntrospectionCache
{
    private readonly ConcurrentDictionary<string, Stores> _stores = new(StringComparer.Ordinal);
    private readonly ILogger<IntrospectionCache> _logger;

    // Reading takes no lock. Changing does, one of these by key, so that an older answer never comes after a newer one or a removal.
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(static _ => new Lock())];

    public IntrospectionCache(IntrospectionMetrics metrics, ILogger<IntrospectionCache> logger)
    {
        _logger = logger;
        metrics.ObserveStores(() => Measure(static store => store.Count), () => Measure(static store => store.Evictions));
    }

    public CacheEntry? Find(string scheme, in CacheKey key) =>
        _stores.TryGetValue(scheme, out Stores? stores)
        && (stores.Active.TryGet(key, out CacheEntry? answer) || stores.Inactive.TryGet(key, out answer))
            ? answer
            : null;

    /// <summary>Finds an answer that is good enough now.</summary>
    public IntrospectionResult? FindResult(
        string scheme,
        OAuthIntrospectionOptions options,
        in CacheKey key,
        TimeSpan? demand,
        EntryState atLeast
    )
    {
        DateTimeOffset now = options.Now;
        return
            Find(scheme, key) is { } kept
            && Freshness.StateOf(kept, options.Cache, now) >= atLeast
            && !Freshness.IsTooOld(kept.ObtainedAt, demand, now)
            ? kept.Result
            : null;
    }

    /// <summary>Whether the scheme has an active answer that would serve now.</summary>
    public bool HasActive(string scheme, OAuthIntrospectionOptions options, DateTimeOffset now) =>
        _stores.TryGetValue(scheme, out Stores? stores)
        && stores.Active.Entries.Any(answer => Freshness.StateOf(answer, options.Cache, now) != EntryState.Expired);

    /// <summary>Keeps the answer of a call, unless it is not to be kept, or was superseded.</summary>
    public void Set(SharedCall call, OAuthIntrospectionOptions options, IntrospectionResult result)
    {
        if (result.IsUnavailable)
            return;

        // First tell the older calls, which have not been here yet; those that have are replaced.
        call.NoteResult(result);
        Stores stores = _stores.GetOrAdd(call.Scheme, static (_, cache) => new Stores(cache), options.Cache);
        lock (LockOf(call.Key))
        {
            bool hasNewer = call.HasNewerResult || Find(call.Scheme, call.Key)?.CallNumber > call.Order;
            if (!hasNewer && call.FindSuperseding(result) == SupersededBy.Nothing)
                Set(stores, call, result, options.Cache);
        }

        if (result.ServerMaximumAge == TimeSpan.Zero && options.Cache.HonorCacheControl && stores.IsFirstRefusal())
            _logger.NotKept(call.Scheme);
    }

    private static void Set(Stores stores, SharedCall call, IntrospectionResult result, OAuthIntrospectionCacheOptions options)
    {
        (EntryStore store, EntryStore other) = result.Response is null
            ? (stores.Inactive, stores.Active)
            : (stores.Active, stores.Inactive);
        other.Remove(call.Key);

        var answer = new CacheEntry(call.Key, result) { CallNumber = call.Order };
        answer.End = Freshness.UsableUntil(answer, options);
        if (answer.End > result.ObtainedAt)
            store.Set(answer, result.ObtainedAt);
        else
            store.Remove(call.Key);
    }

    /// <returns>How many answers have been removed.</returns>
    public int Remove(string scheme, in CacheKey key)
    {
        if (!_stores.TryGetValue(scheme, out Stores? stores))
            return 0;

        lock (LockOf(key))
            return (stores.Active.Remove(key) ? 1 : 0) + (stores.Inactive.Remove(key) ? 1 : 0);
    }

    /// <summary>Removes every active answer that is meant. The caller has told the calls in flight before.</summary>
    /// <returns>How many answers have been removed.</returns>
    public int Remove(Func<string, Predicate<IntrospectionResponse>> matchOf)
    {
        AwaitWriters();
        int removed = 0;
        foreach ((string scheme, Stores stores) in _stores)
        {
            Predicate<IntrospectionResponse> isMatch = matchOf(scheme);
            foreach (CacheEntry answer in stores.Active.Entries)
            {
                if (isMatch(answer.Response!) && stores.Active.Remove(answer))
                    removed++;
            }
        }

        return removed;
    }

    /// <summary>Removes every answer of a scheme, active or not. The caller has told the calls under way before.</summary>
    public void RemoveAll(string scheme)
    {
        if (!_stores.TryGetValue(scheme, out Stores? stores))
            return;

        AwaitWriters();
        foreach (EntryStore store in (EntryStore[])[stores.Active, stores.Inactive])
        {
            foreach (CacheEntry answer in store.Entries)
                store.Remove(answer);
        }
    }

    /// <summary>Whoever keeps an answer just now has looked for removals already, perhaps too early: wait for those, and then look at everything.</summary>
    private void AwaitWriters()
    {
        foreach (Lock busy in _locks)
        {
            busy.Enter();
            busy.Exit();
        }
    }

    private Lock LockOf(in CacheKey key) => _locks[key[0] % _locks.Length];

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
        private int _refusals;

        public EntryStore Active { get; } = new(options.MaximumEntries);

        public EntryStore Inactive { get; } = new(options.MaximumInactiveEntries);

        /// <summary>Whether the server forbids for the first time to keep its answer.</summary>
        public bool IsFirstRefusal() => _refusals == 0 && Interlocked.Exchange(ref _refusals, 1) == 0;
    }
}
