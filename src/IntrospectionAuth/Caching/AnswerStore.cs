using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using IntrospectionAuth.Introspection;

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

    private readonly ConcurrentDictionary<CacheKey, Entry> _entries = new();
    private readonly ConcurrentQueue<Entry> _order = new();
    private int _count;

    public bool TryGet(in CacheKey key, [NotNullWhen(true)] out IntrospectionResult? result)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            result = null;
            return false;
        }

        entry.NoteUse();
        result = entry.Result;
        return true;
    }

    /// <summary>Keeps an answer, in place of an earlier one for the same key.</summary>
    public void Set(in CacheKey key, IntrospectionResult result, DateTimeOffset end, DateTimeOffset now)
    {
        var entry = new Entry(key, result, end);
        Put(entry);
        _order.Enqueue(entry);

        if (Volatile.Read(ref _count) > limit)
            MakeRoom(entry, now);
        else
            Sweep(now);
    }

    public void Remove(in CacheKey key)
    {
        if (_entries.TryRemove(key, out _))
            Interlocked.Decrement(ref _count);
    }

    private void Put(Entry entry)
    {
        while (true)
        {
            if (_entries.TryAdd(entry.Key, entry))
            {
                Interlocked.Increment(ref _count);
                return;
            }

            if (_entries.TryGetValue(entry.Key, out Entry? previous) && _entries.TryUpdate(entry.Key, entry, previous))
                return;
        }
    }

    private void MakeRoom(Entry newcomer, DateTimeOffset now)
    {
        for (int lookedAt = 0; Volatile.Read(ref _count) > limit && _order.TryDequeue(out Entry? oldest); lookedAt++)
        {
            if (!IsCurrent(oldest))
                continue;
            if (!ReferenceEquals(oldest, newcomer) && (oldest.End <= now || !oldest.TakeUse() || lookedAt >= MostLookedAt))
                Remove(oldest);
            else
                _order.Enqueue(oldest);
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        for (int lookedAt = 0; lookedAt < Swept && _order.TryDequeue(out Entry? oldest); lookedAt++)
        {
            if (!IsCurrent(oldest))
                continue;
            if (oldest.End <= now)
                Remove(oldest);
            else
                _order.Enqueue(oldest);
        }
    }

    private bool IsCurrent(Entry entry) => _entries.TryGetValue(entry.Key, out Entry? current) && ReferenceEquals(current, entry);

    private void Remove(Entry entry)
    {
        if (_entries.TryRemove(new(entry.Key, entry)))
            Interlocked.Decrement(ref _count);
    }

    private sealed class Entry(CacheKey key, IntrospectionResult result, DateTimeOffset end)
    {
        private bool _isUsed;

        public CacheKey Key { get; } = key;

        public IntrospectionResult Result { get; } = result;

        public DateTimeOffset End { get; } = end;

        public void NoteUse()
        {
            // Reading first keeps the line shared between processors while a token is busy.
            if (!_isUsed)
                _isUsed = true;
        }

        public bool TakeUse()
        {
            bool wasUsed = _isUsed;
            _isUsed = false;
            return wasUsed;
        }
    }
}
