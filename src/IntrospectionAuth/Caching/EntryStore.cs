using System.Diagnostics.CodeAnalysis;

namespace IntrospectionAuth.Caching;

/// <summary>A bounded hash table of cache entries. When it is full, it evicts an entry that has not been used lately.</summary>
/// <remarks>
/// <para>
/// Eviction follows the "second chance" order, which approximates least recently used at a constant cost: the oldest entry is evicted
/// unless it was used since it was last considered. A new entry always finds a place. The entries themselves are the links of the hash
/// table, because each further object on the path to an entry costs a cache line.
/// </para>
/// <para>Look-ups take no lock. This is what a reader can observe while a writer works:</para>
/// <list type="number">
/// <item>Every write to a link (a bucket or a <c>Next</c>) and to <c>_buckets</c> happens under <c>_lock</c>: one writer at a time.</item>
/// <item>
/// Writers publish an entry by a release write to one link, and readers follow links by acquire reads. A reader therefore sees every
/// entry complete: its key, its facts and its <c>Next</c> were written before.
/// </item>
/// <item>Adding writes the entry's <c>Next</c>, then the bucket. A reader sees the chain with the entry or without it.</item>
/// <item>Replacing gives the new entry the old one's <c>Next</c>, then its link. A reader finds one of the two, never neither.</item>
/// <item>Removing changes the link to the entry and not its <c>Next</c>. A reader that has reached it goes on along the chain.</item>
/// <item>
/// An entry is linked once, never again. Every entry that a reader visits was therefore linked at some moment since its look-up began, and
/// a look-up that begins after a removal does not find what was removed. A key that is removed and added again meanwhile may be missed.
/// </item>
/// <item>Only growing changes the <c>Next</c> of a linked entry. Without it, links lead towards the end of a chain, so look-ups end.</item>
/// <item>
/// Growing redirects the <c>Next</c> of each entry once, to one that it has redirected before. A look-up still ends, but may have passed
/// into the chain of another bucket and have missed its entry.
/// </item>
/// <item>
/// Growing writes <c>_isGrowing</c>, the links, <c>_buckets</c> and <c>_isGrowing</c>, in this order, each by a release write. A reader
/// that followed a redirected link sees <c>_isGrowing</c> set or, if that is cleared again, another <c>_buckets</c>. It reads them in this
/// order and repeats the look-up under <c>_lock</c>.
/// </item>
/// <item>The key of an entry is compared in every case, so only a miss can be wrong and only a miss is repeated.</item>
/// </list>
/// </remarks>
internal sealed class EntryStore(int limit)
{
    private const int InitialBuckets = 64; // a power of two, and so is every later number of buckets

    // Generous: a bucket costs 8 bytes, and a second entry in one costs the look-up of the first a cache line.
    private const int BucketsPerEntry = 4;

    // More than one, so that expired entries are removed faster than new ones arrive.
    private const int EntriesSweptPerSet = 2;

    // Bounds the work of one eviction when every entry has been used lately.
    private const int MaximumSpared = 64;

    private readonly Lock _lock = new();
    private readonly Queue<CacheEntry> _order = new(); // entries that were removed stay in it until they reach the front
    private volatile CacheEntry?[] _buckets = new CacheEntry?[InitialBuckets];
    private volatile bool _isGrowing;
    private int _count;
    private long _evictions;

    public int Limit => limit;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of entries that were evicted before they expired.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>A snapshot of the entries, without those that are removed while it is enumerated.</summary>
    public IEnumerable<CacheEntry> Entries
    {
        get
        {
            // Writers wait for the copy only, not for what the caller does with each entry.
            CacheEntry[] entries;
            lock (_lock)
                entries = _order.ToArray();
            return entries.Where(static entry => entry.IsStored);
        }
    }

    /// <summary>Finds an entry. A caller that serves it calls <see cref="CacheEntry.MarkUsed"/>.</summary>
    public bool TryGet(in CacheKey key, [NotNullWhen(true)] out CacheEntry? entry)
    {
        CacheEntry?[] buckets = _buckets;
        entry = Find(buckets, key);
        if (entry is null && (_isGrowing || _buckets != buckets))
        {
            lock (_lock)
                entry = Find(_buckets, key);
        }

        return entry is not null;
    }

    /// <summary>Stores a new entry. It replaces an earlier one with the same key.</summary>
    public void Set(CacheEntry entry, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_count >= _buckets.Length / BucketsPerEntry)
                Grow();
            Link(entry);
            _order.Enqueue(entry);

            if (_count > limit)
                Evict(entry, now);
            else
                Sweep(now);
        }
    }

    public bool Remove(in CacheKey key)
    {
        lock (_lock)
            return Find(_buckets, key) is { } entry && Unlink(entry);
    }

    public bool Remove(CacheEntry entry)
    {
        lock (_lock)
            return Unlink(entry);
    }

    private static CacheEntry? Find(CacheEntry?[] buckets, in CacheKey key)
    {
        CacheEntry? entry = Volatile.Read(ref BucketOf(buckets, key));
        while (entry is not null && !entry.Key.Equals(key))
            entry = Volatile.Read(ref entry.Next);
        return entry;
    }

    private static ref CacheEntry? BucketOf(CacheEntry?[] buckets, in CacheKey key) =>
        ref buckets[key.GetHashCode() & (buckets.Length - 1)];

    private void Link(CacheEntry entry)
    {
        ref CacheEntry? bucket = ref BucketOf(_buckets, entry.Key);
        ref CacheEntry? link = ref bucket;
        while (link is not null && !link.Key.Equals(entry.Key))
            link = ref link.Next;

        entry.IsStored = true;
        if (link is { } replaced)
        {
            entry.Next = replaced.Next;
            Volatile.Write(ref link, entry);
            replaced.IsStored = false;
            return;
        }

        entry.Next = bucket;
        Volatile.Write(ref bucket, entry);
        _count++;
    }

    private bool Unlink(CacheEntry entry)
    {
        if (!entry.IsStored)
            return false;

        ref CacheEntry? link = ref BucketOf(_buckets, entry.Key);
        while (!ReferenceEquals(link, entry))
            link = ref link!.Next;
        Volatile.Write(ref link, entry.Next);
        entry.IsStored = false;
        _count--;
        return true;
    }

    private void Evict(CacheEntry newest, DateTimeOffset now)
    {
        int spared = 0;
        while (_count > limit && _order.TryDequeue(out CacheEntry? oldest))
        {
            if (!oldest.IsStored)
                continue;
            if (ReferenceEquals(oldest, newest) || (oldest.End > now && oldest.ClearUsed() && spared++ < MaximumSpared))
                _order.Enqueue(oldest);
            else if (Unlink(oldest) && oldest.End > now)
                _evictions++;
        }
    }

    /// <summary>Removes expired entries among the oldest.</summary>
    private void Sweep(DateTimeOffset now)
    {
        for (int swept = 0; swept < EntriesSweptPerSet && _order.TryDequeue(out CacheEntry? oldest); swept++)
        {
            if (!oldest.IsStored)
                continue;
            if (oldest.End <= now)
                Unlink(oldest);
            else
                _order.Enqueue(oldest);
        }
    }

    private void Grow()
    {
        CacheEntry?[] fewer = _buckets;
        var more = new CacheEntry?[fewer.Length * 2];
        _isGrowing = true;
        foreach (CacheEntry? first in fewer)
        {
            for (CacheEntry? entry = first; entry is not null; )
            {
                CacheEntry? next = entry.Next;
                ref CacheEntry? bucket = ref BucketOf(more, entry.Key);
                Volatile.Write(ref entry.Next, bucket);
                bucket = entry;
                entry = next;
            }
        }

        _buckets = more;
        _isGrowing = false;
    }
}
