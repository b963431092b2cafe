using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace IntrospectionAuth.Caching;

/// <summary>A bounded store of answers. When it is full, an answer that nobody has used since it was last looked at makes room.</summary>
/// <remarks>
/// This is the "second chance" order: close to least recently used, at a cost that does not grow with the store. A newcomer always finds a place, and
/// tokens that come once go before those that come again.
/// </remarks>
internal sealed class AnswerStore(int limit)
{
    // More than one, so that what has ended is swept out faster than new answers come in.
    private const int Swept = 2;

    // When everything has been used lately, somebody has to go all the same.
    private const int MostLookedAt = 64;

    private readonly ConcurrentDictionary<CacheKey, CachedAnswer> _entries = new();
    private readonly ConcurrentQueue<CachedAnswer> _order = new();
    private int _count;
    private long _evictions;

    public int Count => Volatile.Read(ref _count);

    /// <summary>How many answers have made room for others before their time.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    /// <summary>The answers, without stopping others from changing them meanwhile.</summary>
    public IEnumerable<CachedAnswer> Answers => _entries.Select(static entry => entry.Value);

    /// <summary>Finds an answer. Whoever serves it says so by <see cref="CachedAnswer.NoteUse"/>.</summary>
    public bool TryGet(in CacheKey key, [NotNullWhen(true)] out CachedAnswer? answer) => _entries.TryGetValue(key, out answer);

    /// <summary>Keeps an answer, in place of an earlier one for the same key.</summary>
    public void Set(CachedAnswer answer, DateTimeOffset now)
    {
        Put(answer);
        _order.Enqueue(answer);

        if (Volatile.Read(ref _count) > limit)
            MakeRoom(answer, now);
        else
            Sweep(now);
    }

    public bool Remove(in CacheKey key)
    {
        if (!_entries.TryRemove(key, out _))
            return false;

        Interlocked.Decrement(ref _count);
        return true;
    }

    public bool Remove(CachedAnswer answer)
    {
        if (!_entries.TryRemove(new(answer.Key, answer)))
            return false;

        Interlocked.Decrement(ref _count);
        return true;
    }

    private void Put(CachedAnswer entry)
    {
        while (true)
        {
            if (_entries.TryAdd(entry.Key, entry))
            {
                Interlocked.Increment(ref _count);
                return;
            }

            if (_entries.TryGetValue(entry.Key, out CachedAnswer? previous) && _entries.TryUpdate(entry.Key, entry, previous))
                return;
        }
    }

    private void MakeRoom(CachedAnswer newcomer, DateTimeOffset now)
    {
        for (int lookedAt = 0; Volatile.Read(ref _count) > limit && _order.TryDequeue(out CachedAnswer? oldest); lookedAt++)
        {
            if (!IsCurrent(oldest))
                continue;
            if (ReferenceEquals(oldest, newcomer) || (oldest.End > now && oldest.TakeUse() && lookedAt < MostLookedAt))
                _order.Enqueue(oldest);
            else if (Remove(oldest) && oldest.End > now)
                Interlocked.Increment(ref _evictions);
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        for (int lookedAt = 0; lookedAt < Swept && _order.TryDequeue(out CachedAnswer? oldest); lookedAt++)
        {
            if (!IsCurrent(oldest))
                continue;
            if (oldest.End <= now)
                Remove(oldest);
            else
                _order.Enqueue(oldest);
        }
    }

    private bool IsCurrent(CachedAnswer entry) => _entries.TryGetValue(entry.Key, out CachedAnswer? current) && ReferenceEquals(current, entry);
}
