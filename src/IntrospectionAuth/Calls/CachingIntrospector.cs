using IntrospectionAuth.Caching;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Server;
using IntrospectionAuth.Telemetry;

namespace IntrospectionAuth.Calls;

/// <summary>Answers from memory, or asks once for everybody who waits for the same token.</summary>
internal sealed class CachingIntrospector
{
    // A result that was in flight may be too old for a request, or superseded: then it is asked for again, but not for ever.
    private const int MostAttempts = 3;

    // No call takes so long, and no timer takes much more.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly CacheKeyBuilder _keys;
    private readonly IntrospectionCache _cache;
    private readonly SharedCalls _calls;
    private readonly BackgroundRefresh _refresh;
    private readonly IntrospectionMetrics _metrics;

    public CachingIntrospector(
        CacheKeyBuilder keys,
        IntrospectionCache cache,
        SharedCalls calls,
        BackgroundRefresh refresh,
        IntrospectionMetrics metrics,
        ServerDiscovery discovery
    )
    {
        _keys = keys;
        _cache = cache;
        _calls = calls;
        _refresh = refresh;
        _metrics = metrics;
        discovery.OnEndpointMoved = RemoveAll; // no answer crosses endpoints
    }

    public CacheKey BuildKey(SchemeServer server, ReadOnlySpan<char> token) => _keys.Build(server.KeyPrefix, token);

    /// <summary>Finds a kept answer that may serve, and has it refreshed behind the request's back when it is time.</summary>
    /// <param name="server">The server.</param>
    /// <param name="key">The token's key.</param>
    /// <param name="token">The token.</param>
    /// <param name="demand">The age from which on the endpoint accepts no answer; null when it does not care.</param>
    /// <param name="now">What the scheme's clock says.</param>
    /// <returns>The answer, or null.</returns>
    public CacheEntry? FindCached(SchemeServer server, in CacheKey key, ReadOnlySpan<char> token, TimeSpan? demand, DateTimeOffset now)
    {
        CacheEntry? answer = _cache.Find(server.Name, key);
        EntryState usability = answer is null ? EntryState.Expired : Freshness.StateOf(answer, server.Options.Cache, now);
        if (usability < EntryState.Fresh || Freshness.IsTooOld(answer!.ObtainedAt, demand, now))
        {
            _metrics.Miss(server.Name);
            return null;
        }

        _metrics.Hit(server.Name);
        answer.MarkUsed();
        if (usability == EntryState.RefreshDue && answer.TryBeginRefresh(now))
            _refresh.Begin(server, answer, token.ToString());

        return answer;
    }

    /// <summary>Asks, or joins those who already wait. The call belongs to no request: whoever goes away cancels nothing but his own waiting.</summary>
    /// <returns>The result, and whether it is one that was kept, served because the server cannot answer.</returns>
    public async Task<(IntrospectionResult Result, bool IsFromCache)> AskAsync(
        SchemeServer server,
        CacheKey key,
        string token,
        TimeSpan? demand,
        CancellationToken waiting
    )
    {
        OAuthIntrospectionOptions options = server.Options;
        TimeProvider time = server.Time;
        long started = time.GetTimestamp();
        long latest = _calls.LatestOrder; // a call with a higher number asks after this request came, and so for all its needs

        // Zero means "ask now": what was already in flight may be older than this request.
        TimeSpan? maximumAge = demand < options.Cache.MaximumAge ? demand : options.Cache.MaximumAge ?? demand;
        bool shares = maximumAge != TimeSpan.Zero;
        IntrospectionResult? removed = null;
        for (int attempt = 1; ; attempt++)
        {
            SharedCall call = shares
                ? _calls.Join(server, key, token, demand, it => AgeLeft(it, latest, maximumAge, options) > TimeSpan.Zero)
                : _calls.BeginAlone(server, key, token, demand);
            TimeSpan left = attempt == 1 ? TimeSpan.MaxValue : options.Timeout - time.GetElapsedTime(started); // the first call has a timeout of its own
            TimeSpan ageLeft = AgeLeft(call, latest, maximumAge, options);
            if (await AwaitAsync(call, ageLeft < left ? ageLeft : left, time, waiting) is not { } result)
            {
                if (ageLeft < left)
                    continue; // another call is asked, since this one can only bring what is too old

                result = IntrospectionResult.Unavailable(
                    options.Now,
                    new(UnavailableReason.TimedOut) { Exception = new TimeoutException() }
                );
            }

            if (result.Unavailability is { } unavailability)
            {
                // Removals have come faster than the server answers.
                if (removed is not null && call.FindSuperseding(removed) == SupersededBy.Removal)
                    return (removed, false);

                bool mayBeStale = demand is null && unavailability.AllowsStale;
                return mayBeStale && _cache.FindResult(server.Scheme, key, demand, EntryState.Stale) is { } kept
                    ? (kept, true)
                    : (result, false);
            }

            SupersededBy superseding = call.FindSuperseding(result);
            bool isNew = call.WasAskedAfter(latest);
            if (
                superseding == SupersededBy.Nothing
                && (isNew || !Freshness.IsTooOldToShare(key, result, demand, options.Cache, options.Now))
            )
            {
                return (result, false);
            }

            // The server was asked after this request came, so the removal came later still. It is asked again all the same, as often as
            // there is time for.
            removed = superseding == SupersededBy.Removal && isNew ? result : null;
            if (attempt == MostAttempts)
                return (removed ?? IntrospectionResult.Unavailable(options.Now, new(UnavailableReason.Superseded)), false);
        }
    }

    /// <summary>
    /// Removes one token, by whatever options it was asked about; a call in flight about it neither keeps its result nor is joined by
    /// anybody.
    /// </summary>
    /// <returns>How many entries were removed.</returns>
    public int Remove(string token)
    {
        // First the calls, then the keys: what is not told in time has its key noted already.
        _calls.NoteRemoval(token);
        return _keys.BuildAll(token).Sum(it => _cache.Remove(it.Scheme, it.Key));
    }

    /// <summary>Removes the active responses that are meant, by scheme; calls in flight do not keep theirs.</summary>
    /// <returns>How many entries were removed.</returns>
    public int Remove(Func<string, Predicate<IntrospectionResponse>> matchOf)
    {
        _calls.NoteRemoval(matchOf);
        return _cache.Remove(matchOf);
    }

    /// <inheritdoc cref="CacheKeyBuilder.FindPathsMappedTo"/>
    public string[] FindPathsMappedTo(string scheme, string claimType) => _keys.FindPathsMappedTo(scheme, claimType);

    /// <summary>Removes every entry of a scheme, active or not; calls in flight ask again.</summary>
    private void RemoveAll(string scheme)
    {
        _calls.NoteRemovalOfAll(scheme);
        _cache.RemoveAll(scheme);
    }

    /// <summary>How much longer it is worth while to wait for a call that may have asked before the request came.</summary>
    private static TimeSpan AgeLeft(SharedCall call, long latest, TimeSpan? maximumAge, OAuthIntrospectionOptions options) =>
        maximumAge is { } age && !call.WasAskedAfter(latest) && call.TimeLeft(age, options.Now) is { } left ? left : TimeSpan.MaxValue;

    /// <returns>The result; null when it has not come in time.</returns>
    private static async Task<IntrospectionResult?> AwaitAsync(
        SharedCall call,
        TimeSpan limit,
        TimeProvider time,
        CancellationToken waiting
    )
    {
        try
        {
            return await call.Task.WaitAsync(
                limit > s_longestWait ? Timeout.InfiniteTimeSpan
                    : limit > TimeSpan.Zero ? limit
                    : TimeSpan.Zero,
                time,
                waiting
            );
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            IntrospectionActivities.Link(call.Span);
        }
    }
}
