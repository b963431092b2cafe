using System.Diagnostics.CodeAnalysis;

namespace IntrospectionAuth.Caching;

/// <summary>A bounded store of answers. When it is full, an answer that nobody has used since it was last looked at makes room.</summary>
/// <remarks>
/// This is the "second chance" order: close to least recently used, at a cost that does not grow with the store. A newcomer always finds a place, and
/// tokens that come once go before those that come again. The answers themselves are the links of the hash table, since each object more on the way to
/// them would be one more wait for memory. Finding takes no lock; changing does.
/// </remarks>
internal sealed class EntryStore(int limit)
{
    // More than one, so that what has ended is swept out faster than new answers come in.
    private const int Swept = 2;

    // When everything has been used lately, somebody has to go all the same.
    private const int MostSpared = 64;

    private const int FirstBuckets = 64; // a power of two, as it stays

    // Many, for a bucket costs 8 bytes, and a second answer in it costs whoever looks for the first one more wait.
    private const int BucketsPerEntry = 4;

    private readonly Lock _lock = new();
    private readonly Queue<CacheEntry> _order = new();
    private volatile CacheEntry?[] _buckets = new CacheEntry?[FirstBuckets];
    private volatile bool _isGrowing;
    private int _count;
    private long _evictions;

    public int Count => Volatile.Read(ref _count);

    /// <summary>How many answers have made room for others before their time.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    /// <summary>The answers as they are now, without those that go before they are looked at.</summary>
    public IEnumerable<CacheEntry> Entries
    {
        get
        {
            // Only the copying keeps others waiting, not the look at each answer.
            CacheEntry[] answers;
            lock (_lock)
                answers = _order.ToArray();
            return answers.Where(static answer => answer.IsStored);
        }
    }

    /// <summary>Finds an answer. Whoever serves it says so by <see cref="CacheEntry.MarkUsed"/>.</summary>
    public bool TryGet(in CacheKey key, [NotNullWhen(true)] out CacheEntry? answer)
    {
        CacheEntry?[] buckets = _buckets;
        answer = Find(buckets, key);

        // While answers move to more buckets, who follows them may be led astray. Who found nothing then looks again.
        if (answer is null && (_isGrowing || _buckets != buckets))
        {
            lock (_lock)
                answer = Find(_buckets, key);
        }

        return answer is not null;
    }

    /// <summary>Keeps an answer, in place of an earlier one for the same key.</summary>
    public void Set(CacheEntry answer, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_count >= _buckets.Length / BucketsPerEntry)
                Grow();
            Put(answer);
            _order.Enqueue(answer);

            if (_count > limit)
                MakeRoom(answer, now);
            else
                Sweep(now);
        }
    }

    public bool Remove(in CacheKey key)
    {
        lock (_lock)
            return Find(_buckets, key) is { } answer && TakeOut(answer);
    }

    public bool Remove(CacheEntry answer)
    {
        lock (_lock)
            return TakeOut(answer);
    }

    private static CacheEntry? Find(CacheEntry?[] buckets, in CacheKey key)
    {
        CacheEntry? answer = Volatile.Read(ref BucketOf(buckets, key));
        while (answer is not null && !answer.Key.Equals(key))
            answer = Volatile.Read(ref answer.Next);
        return answer;
    }

    private static ref CacheEntry? BucketOf(CacheEntry?[] buckets, in CacheKey key) =>
        ref buckets[key.GetHashCode() & (buckets.Length - 1)];

    private void Put(CacheEntry answer)
    {
        // An answer takes the very place of an earlier one: who has passed the front of the bucket already would find neither of two that stand apart.
        ref CacheEntry? bucket = ref BucketOf(_buckets, answer.Key);
        ref CacheEntry? link = ref bucket;
        while (link is not null && !link.Key.Equals(answer.Key))
            link = ref link.Next;

        answer.IsStored = true;
        if (link is { } previous)
        {
            answer.Next = previous.Next;
            Volatile.Write(ref link, answer);
            previous.IsStored = false;
            return;
        }

        answer.Next = bucket;
        Volatile.Write(ref bucket, answer);
        _count++;
    }

    /// <summary>Whoever stands on the answer finds the way on from it.</summary>
    private bool TakeOut(CacheEntry answer)
    {
        if (!answer.IsStored)
            return false;

        ref CacheEntry? link = ref BucketOf(_buckets, answer.Key);
        while (!ReferenceEquals(link, answer))
            link = ref link!.Next;
        Volatile.Write(ref link, answer.Next);
        answer.IsStored = false;
        _count--;
        return true;
    }

    private void MakeRoom(CacheEntry newcomer, DateTimeOffset now)
    {
        int spared = 0;
        while (_count > limit && _order.TryDequeue(out CacheEntry? oldest))
        {
            if (!oldest.IsStored)
                continue;
            if (ReferenceEquals(oldest, newcomer) || (oldest.End > now && oldest.ClearUsed() && spared++ < MostSpared))
                _order.Enqueue(oldest);
            else if (TakeOut(oldest) && oldest.End > now)
                _evictions++;
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        for (int lookedAt = 0; lookedAt < Swept && _order.TryDequeue(out CacheEntry? oldest); lookedAt++)
        {
            if (!oldest.IsStored)
                continue;
            if (oldest.End <= now)
                TakeOut(oldest);
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
            for (CacheEntry? answer = first; answer is not null; )
            {
                CacheEntry? next = answer.Next;
                ref CacheEntry? bucket = ref BucketOf(more, answer.Key);
                Volatile.Write(ref answer.Next, bucket);
                bucket = answer;
                answer = next;
            }
        }

        _buckets = more;
        _isGrowing = false;
    }
}
