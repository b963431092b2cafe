using IntrospectionAuth.Discovery;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Telemetry;

namespace IntrospectionAuth.Caching;

/// <summary>Answers from memory, or asks once for everybody who waits for the same token.</summary>
internal sealed class CachingIntrospector
{
    // An answer that was under way may be too old for who asked for a fresh one, or overruled by a removal: then it is asked for again, but not for ever.
    private const int MostAttempts = 3;

    private readonly CacheKeyBuilder _keys = new();
    private readonly IntrospectionCache _cache;
    private readonly SharedCalls _calls;
    private readonly BackgroundRefresh _refresh;
    private readonly IntrospectionMetrics _metrics;

    public CachingIntrospector(IntrospectionCache cache, SharedCalls calls, BackgroundRefresh refresh, IntrospectionMetrics metrics, ServerDiscovery discovery)
    {
        _cache = cache;
        _calls = calls;
        _refresh = refresh;
        _metrics = metrics;
        discovery.OnEndpointMoved = RemoveAll; // no answer crosses endpoints
    }

    /// <summary>The schemes that have asked.</summary>
    public IEnumerable<string> Schemes => _cache.Schemes.Union(_calls.Schemes, StringComparer.Ordinal);

    public CacheKey BuildKey(string scheme, OAuthIntrospectionOptions options, ReadOnlySpan<char> token) => _keys.Build(scheme, options, token);

    /// <summary>Finds a kept answer that may serve, and has it refreshed behind the request's back when it is time.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="options">Its options.</param>
    /// <param name="key">The token's key.</param>
    /// <param name="token">The token.</param>
    /// <param name="demand">The age from which on the endpoint accepts no answer; null when it does not care.</param>
    /// <param name="now">What the scheme's clock says.</param>
    /// <returns>The answer, or null.</returns>
    public CachedAnswer? FindCached(
        string scheme, OAuthIntrospectionOptions options, in CacheKey key, ReadOnlySpan<char> token, TimeSpan? demand, DateTimeOffset now)
    {
        CachedAnswer? answer = _cache.Find(scheme, key);
        Usability usability = answer is null ? Usability.Ended : Freshness.Judge(answer, options.Cache, now);
        if (usability < Usability.Fresh || Freshness.IsTooOld(answer!.ObtainedAt, demand, now))
        {
            _metrics.Miss(scheme);
            return null;
        }

        _metrics.Hit(scheme);
        answer.NoteUse();
        if (usability == Usability.DueForRefresh && answer.TryBeginRefresh(now))
            _refresh.Begin(scheme, options, answer, token.ToString());

        return answer;
    }

    /// <summary>Asks, or joins those who already wait. The call belongs to no request: whoever goes away cancels nothing but his own waiting.</summary>
    /// <returns>The result, and whether it is one that was kept, served because the server cannot answer.</returns>
    public async Task<(IntrospectionResult Result, bool IsFromCache)> AskAsync(
        string scheme, OAuthIntrospectionOptions options, CacheKey key, string token, TimeSpan? demand, CancellationToken waiting)
    {
        TimeProvider time = options.TimeProvider ?? TimeProvider.System;
        long started = time.GetTimestamp();

        // "Ask now" is meant: an answer that was already under way may be older than this request.
        bool shares = demand != TimeSpan.Zero && options.Cache.MaximumAge != TimeSpan.Zero;
        for (int attempt = 1; ; attempt++)
        {
            SharedCall call = shares ? _calls.Join(scheme, options, key, token, demand) : _calls.BeginAlone(scheme, options, key, token, demand);
            TimeSpan left = options.Timeout - time.GetElapsedTime(started);
            TimeSpan limit = attempt == 1 ? Timeout.InfiniteTimeSpan : left > TimeSpan.Zero ? left : TimeSpan.Zero; // the first call has a timeout of its own
            IntrospectionResult result = await AwaitAsync(call, limit, time, waiting);

            if (result.Unavailability is { } unavailability)
            {
                bool mayBeStale = demand is null && unavailability.IsTheServers;
                return mayBeStale && _cache.Find(scheme, options, key, demand, Usability.Stale) is { } kept ? (kept, true) : (result, false);
            }

            // Whoever shared an overruled answer shares the next call too: it begins after this one has ended.
            bool isOverruled = call.IsOverruled(result);
            if (!isOverruled && (!shares || !Freshness.IsTooOld(result.ObtainedAt, demand, options.Now)))
                return (result, false);
            if (attempt == MostAttempts)
                return (IntrospectionResult.Unavailable(options.Now, new(UnavailableReason.Overruled)), false);

            shares &= isOverruled;
        }
    }

    /// <summary>Forgets one token; a call under way about it neither keeps its answer nor is joined by anybody.</summary>
    /// <returns>How many answers were forgotten.</returns>
    public int Remove(string scheme, OAuthIntrospectionOptions options, ReadOnlySpan<char> token)
    {
        CacheKey forgotten = BuildKey(scheme, options, token);
        _calls.Tell((string ofScheme, in CacheKey key, IntrospectionResult _) => key.Equals(forgotten) && ofScheme == scheme);
        _calls.StopJoining(forgotten);
        return _cache.Remove(scheme, forgotten);
    }

    /// <summary>Forgets the answers that <paramref name="removal"/> means; calls under way do not keep theirs.</summary>
    /// <returns>How many answers were forgotten.</returns>
    public int Remove(Removal removal)
    {
        _calls.Tell(removal);
        return _cache.Remove(removal);
    }

    /// <summary>Forgets every answer of a scheme, active or not; calls under way ask again.</summary>
    private void RemoveAll(string scheme)
    {
        _calls.Tell((string ofScheme, in CacheKey _, IntrospectionResult _) => ofScheme == scheme);
        _cache.RemoveAll(scheme);
    }

    private static async Task<IntrospectionResult> AwaitAsync(SharedCall call, TimeSpan limit, TimeProvider time, CancellationToken waiting)
    {
        try
        {
            return await call.Task.WaitAsync(limit, time, waiting);
        }
        catch (TimeoutException exception)
        {
            return IntrospectionResult.Unavailable(time.GetUtcNow(), new(UnavailableReason.TimedOut) { Exception = exception });
        }
        finally
        {
            IntrospectionActivities.Link(call.Span);
        }
    }
}
