using System.Buffers.Binary;
using System.Collections.Concurrent;
using CsCheck;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Tests.Histories;

/// <summary>Random histories of the store of cache entries, compared with a dictionary and with what must hold after each step.</summary>
public sealed class EntryStoreHistoryTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddYears(50);
    private static readonly IntrospectionResult s_inactive = IntrospectionResult.Inactive(s_start);

    private enum Kind
    {
        Set,
        Find,
        FindAndUse,
        RemoveKey,
        RemoveEntry,
        Wait,
    }

    private static Gen<Step[]> Steps { get; } =
        Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, 11], Gen.Int[0, 6], static (kind, key, seconds) => new Step(kind, key, seconds)).Array[
            0,
            80
        ];

    [Fact]
    public void What_is_found_is_the_latest_entry_of_its_key_and_nothing_else_is_missing() =>
        Gen.Select(Gen.Int[1, 8], Steps).Sample(static (limit, steps) => Holds(limit, steps), iter: History.Count);

    [Fact]
    public void Concurrent_steps_have_the_results_of_some_order_of_them() =>
        Gen.Const(static () => new Observed())
            .SampleParallel(
                Gen.Int[0, 3].Operation<Observed>(static (observed, key) => observed.Set(key)),
                Gen.Int[0, 3].Operation<Observed>(static (observed, key) => observed.Remove(key)),
                Gen.Int[0, 3].Operation<Observed>(static (observed, key) => observed.Find(key)),
                equal: static (one, other) => one.State() == other.State(),
                iter: History.CountOfConcurrent,
                threads: 2
            );

    private static bool Holds(int limit, Step[] steps)
    {
        var store = new EntryStore(limit);
        var latest = new Dictionary<int, CacheEntry>(); // of each key; what the store evicts stays here
        var evicted = new HashSet<CacheEntry>();
        long evictions = 0;
        DateTimeOffset now = s_start;
        foreach ((Kind kind, int key, int seconds) in steps)
        {
            switch (kind)
            {
                case Kind.Wait:
                    now += TimeSpan.FromSeconds(seconds);
                    continue;
                case Kind.Set:
                    latest[key] = Entry(key, now + TimeSpan.FromSeconds(1 + seconds));
                    store.Set(latest[key], now);
                    if (!store.TryGet(Key(key), out CacheEntry? newest) || newest != latest[key])
                        return false; // a new entry always finds a place
                    break;
                case Kind.RemoveKey:
                    if (store.Remove(Key(key)) != IsThere(key))
                        return false;
                    latest.Remove(key);
                    break;
                case Kind.RemoveEntry when latest.TryGetValue(key, out CacheEntry? entry):
                    if (store.Remove(entry) != !evicted.Contains(entry) || store.Remove(entry))
                        return false;
                    latest.Remove(key);
                    break;
                case Kind.FindAndUse:
                    if (store.TryGet(Key(key), out CacheEntry? used))
                        used.MarkUsed();
                    break;
            }

            int found = 0;
            foreach ((int other, CacheEntry entry) in latest)
            {
                if (evicted.Contains(entry))
                {
                    if (store.TryGet(Key(other), out _))
                        return false; // what was evicted does not come back
                }
                else if (!store.TryGet(Key(other), out CacheEntry? it))
                {
                    if (kind != Kind.Set)
                        return false; // only a new entry takes the place of another
                    evicted.Add(entry);
                    evictions += entry.End > now ? 1 : 0;
                }
                else if (it != entry)
                {
                    return false;
                }
                else
                {
                    found++;
                }
            }

            if (store.Count != found || found > limit || store.Evictions != evictions || store.Entries.Count() != found)
                return false;
            if (evictions > 0 && latest.Count <= limit && kind == Kind.Set && !WasFull(limit))
                return false;
        }

        return true;

        bool IsThere(int key) => latest.TryGetValue(key, out CacheEntry? entry) && !evicted.Contains(entry);

        // An unexpired entry is evicted only by more keys than there are places.
        bool WasFull(int places) => steps.Where(static it => it.Kind == Kind.Set).Select(static it => it.Key).Distinct().Count() > places;
    }

    private static CacheEntry Entry(int key, DateTimeOffset end) => new(Key(key), s_inactive) { End = end };

    private static CacheKey Key(int number)
    {
        CacheKey key = default;
        BinaryPrimitives.WriteInt32LittleEndian(key, number);
        return key;
    }

    private sealed record Step(Kind Kind, int Key, int Seconds);

    /// <summary>A store with what its readers have found.</summary>
    private sealed class Observed
    {
        private readonly EntryStore _store = new(limit: 100);
        private readonly ConcurrentDictionary<string, int> _results = new(StringComparer.Ordinal); // how often there was each

        public void Set(int key) => _store.Set(Entry(key, DateTimeOffset.MaxValue), s_start);

        public void Remove(int key) => Add($"{key} removed: {_store.Remove(Key(key))}");

        public void Find(int key) => Add($"{key} found: {_store.TryGet(Key(key), out _)}");

        public string State() =>
            string.Join(", ", _results.OrderBy(static it => it.Key, StringComparer.Ordinal))
            + string.Concat(Enumerable.Range(0, 4).Select(key => _store.TryGet(Key(key), out _) ? $" {key}" : ""))
            + $" of {_store.Count}";

        private void Add(string result) => _results.AddOrUpdate(result, 1, static (_, count) => count + 1);
    }
}
