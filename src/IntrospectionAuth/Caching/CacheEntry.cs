using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Caching;

/// <summary>A response in the cache, with its key, its age and whether it is in use.</summary>
/// <remarks>It copies what every hit reads: with many tokens, each further object on the path of a hit costs a cache line.</remarks>
internal sealed class CacheEntry(CacheKey key, IntrospectionResult result)
{
    private const long LongestPause = 5 * TimeSpan.TicksPerMinute; // between refreshes; a later one was set by a clock that was ahead
    private const long IsRefreshing = long.MaxValue;

    private readonly CacheKey _key = key;
    private readonly long _obtainedAt = result.ObtainedAt.UtcTicks;
    private readonly long _serverMaximumAge = result.ServerMaximumAge?.Ticks ?? -1;
    private readonly ResponseFacts _facts = ResponseFacts.Of(result.Response);
    private long _nextRefreshAt; // ticks, UTC, or IsRefreshing
    private long _end;
    private bool _isUsed;
    private CacheEntry? _next;

    public ref readonly CacheKey Key => ref _key;

    /// <summary>The next entry in the same bucket. Only <see cref="EntryStore"/> uses it.</summary>
    public ref CacheEntry? Next => ref _next;

    /// <summary>Whether a store holds the entry. Only <see cref="EntryStore"/> sets it.</summary>
    public bool IsStored { get; set; }

    /// <summary>The active response; null when the token is inactive.</summary>
    public IntrospectionResponse? Response { get; } = result.Response;

    /// <summary>The members of the active response that every hit reads.</summary>
    public ref readonly ResponseFacts Facts => ref _facts;

    /// <summary>The result that was stored.</summary>
    public IntrospectionResult Result =>
        Response is null ? IntrospectionResult.Inactive(ObtainedAt) : IntrospectionResult.Active(Response, ObtainedAt, ServerMaximumAge);

    /// <summary>When the authorization server was asked. The age of the entry counts from then.</summary>
    public DateTimeOffset ObtainedAt => new(_obtainedAt, TimeSpan.Zero);

    /// <summary>The server's <c>max-age</c>; null when the response has none.</summary>
    public TimeSpan? ServerMaximumAge => _serverMaximumAge < 0 ? null : new TimeSpan(_serverMaximumAge);

    /// <summary>When the entry can be discarded: it is neither fresh nor usable as a stale response from then on.</summary>
    public DateTimeOffset End
    {
        get => new(_end, TimeSpan.Zero);
        set => _end = value.UtcTicks;
    }

    /// <summary>The number of the call that obtained the response. A higher number asked later.</summary>
    public long CallNumber { get; init; }

    public void MarkUsed()
    {
        // Reading first keeps the cache line shared between processors while a token is busy.
        if (!_isUsed)
            _isUsed = true;
    }

    /// <returns>Whether the entry was used since the last call of this method.</returns>
    public bool ClearUsed()
    {
        bool wasUsed = _isUsed;
        _isUsed = false;
        return wasUsed;
    }

    /// <returns>True for one caller, until <see cref="PostponeRefresh"/> sets the time of the next refresh.</returns>
    public bool TryBeginRefresh(DateTimeOffset now)
    {
        long nextRefreshAt = Volatile.Read(ref _nextRefreshAt);
        long wait = nextRefreshAt - now.UtcTicks;
        bool wasClockAhead = wait > LongestPause && nextRefreshAt != IsRefreshing;
        return (wait <= 0 || wasClockAhead)
            && Interlocked.CompareExchange(ref _nextRefreshAt, IsRefreshing, nextRefreshAt) == nextRefreshAt;
    }

    public void PostponeRefresh(DateTimeOffset now, TimeSpan by) =>
        Volatile.Write(ref _nextRefreshAt, now.UtcTicks + Math.Min(by.Ticks, LongestPause));
}
