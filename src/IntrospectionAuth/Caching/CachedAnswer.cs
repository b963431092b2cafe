using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>An answer that is kept, and whether anybody has use for it.</summary>
/// <param name="key">The key.</param>
/// <param name="result">The answer, active or inactive.</param>
/// <param name="end">From when on it is of no use, not even as a stale answer.</param>
internal sealed class CachedAnswer(CacheKey key, IntrospectionResult result, DateTimeOffset end)
{
    private readonly CacheKey _key = key;
    private bool _isUsed;
    private long _notRefreshedUntil; // ticks, UTC

    public ref readonly CacheKey Key => ref _key;

    public IntrospectionResult Result { get; } = result;

    public DateTimeOffset End { get; } = end;

    public void NoteUse()
    {
        // Reading first keeps the line shared between processors while a token is busy.
        if (!_isUsed)
            _isUsed = true;
    }

    /// <returns>Whether it was used since this was last asked.</returns>
    public bool TakeUse()
    {
        bool wasUsed = _isUsed;
        _isUsed = false;
        return wasUsed;
    }

    /// <returns>True for one caller, until <see cref="PostponeRefresh"/> says when the next one may try.</returns>
    public bool TryBeginRefresh(DateTimeOffset now)
    {
        long until = Volatile.Read(ref _notRefreshedUntil);
        return now.UtcTicks >= until && Interlocked.CompareExchange(ref _notRefreshedUntil, long.MaxValue, until) == until;
    }

    public void PostponeRefresh(DateTimeOffset until) => Volatile.Write(ref _notRefreshedUntil, until.UtcTicks);
}
