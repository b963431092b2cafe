using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>An answer that is kept, and whether anybody has use for it.</summary>
/// <remarks>It holds what every hit looks at itself: with many tokens, each object on the way is a wait for memory.</remarks>
internal sealed class CachedAnswer(CacheKey key, IntrospectionResult result)
{
    private readonly CacheKey _key = key;
    private readonly long _obtainedAt = result.ObtainedAt.UtcTicks;
    private readonly long _serverMaximumAge = result.ServerMaximumAge?.Ticks ?? -1;
    private readonly long _end;
    private long _notRefreshedUntil; // ticks, UTC
    private bool _isUsed;

    public ref readonly CacheKey Key => ref _key;

    /// <summary>The answer, active or inactive.</summary>
    public IntrospectionResult Result { get; } = result;

    /// <summary>The active answer; null when it is inactive.</summary>
    public IntrospectionResponse? Response { get; } = result.Response;

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset ObtainedAt => new(_obtainedAt, TimeSpan.Zero);

    /// <summary>How long the server allows it to be kept; null when it does not say.</summary>
    public TimeSpan? ServerMaximumAge => _serverMaximumAge < 0 ? null : new TimeSpan(_serverMaximumAge);

    /// <summary>From when on it is of no use, not even as a stale answer.</summary>
    public required DateTimeOffset End
    {
        get => new(_end, TimeSpan.Zero);
        init => _end = value.UtcTicks;
    }

    /// <summary>The place of the call that brought it among all calls.</summary>
    public long Order { get; init; }

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
