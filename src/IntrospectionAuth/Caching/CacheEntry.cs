using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Caching;

/// <summary>An answer that is kept, and whether anybody has use for it.</summary>
/// <remarks>It holds what every hit looks at itself: with many tokens, each object on the way is a wait for memory.</remarks>
internal sealed class CacheEntry(CacheKey key, IntrospectionResult result)
{
    private readonly CacheKey _key = key;
    private readonly long _obtainedAt = result.ObtainedAt.UtcTicks;
    private readonly long _serverMaximumAge = result.ServerMaximumAge?.Ticks ?? -1;
    private readonly ResponseFacts _facts = result.Response is null ? default : new(result.Response);
    private long _notRefreshedUntil; // ticks, UTC
    private long _end;
    private bool _isUsed;
    private CacheEntry? _next;

    public ref readonly CacheKey Key => ref _key;

    /// <summary>The answer that follows in the same bucket of the store that keeps this one; the store's own.</summary>
    public ref CacheEntry? Next => ref _next;

    /// <summary>Whether a store keeps it; the store's own.</summary>
    public bool IsStored { get; set; }

    /// <summary>The active answer; null when it is inactive.</summary>
    public IntrospectionResponse? Response { get; } = result.Response;

    /// <summary>What every hit looks at in the active answer.</summary>
    public ref readonly ResponseFacts Facts => ref _facts;

    /// <summary>What came of asking, as it was.</summary>
    public IntrospectionResult Result =>
        Response is null ? IntrospectionResult.Inactive(ObtainedAt) : IntrospectionResult.Active(Response, ObtainedAt, ServerMaximumAge);

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset ObtainedAt => new(_obtainedAt, TimeSpan.Zero);

    /// <summary>How long the server allows it to be kept; null when it does not say.</summary>
    public TimeSpan? ServerMaximumAge => _serverMaximumAge < 0 ? null : new TimeSpan(_serverMaximumAge);

    /// <summary>From when on it is of no use, not even as a stale answer.</summary>
    public DateTimeOffset End
    {
        get => new(_end, TimeSpan.Zero);
        set => _end = value.UtcTicks;
    }

    /// <summary>The place of the call that brought it among all calls.</summary>
    public long CallNumber { get; init; }

    public void MarkUsed()
    {
        // Reading first keeps the line shared between processors while a token is busy.
        if (!_isUsed)
            _isUsed = true;
    }

    /// <returns>Whether it was used since this was last asked.</returns>
    public bool ClearUsed()
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
