using IntrospectionAuth.Caching;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Removals;
using IntrospectionAuth.Server;
using IntrospectionAuth.Telemetry;

namespace IntrospectionAuth.Calls;

/// <summary>Introspects tokens: from the cache, or by a call that is shared by the requests with the same token.</summary>
internal sealed class CachingIntrospector
{
    // Bounds how often a request introspects again because a result was superseded or too old for it.
    private const int MaximumAttempts = 3;

    // Longer than any call, and short enough for any timer.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly SchemeServers _servers;
    private readonly CacheKeyBuilder _keys;
    private readonly IntrospectionCache _cache;
    private readonly InFlightCalls _calls;
    private readonly CallRunner _runner;
    private readonly BackgroundRefresh _refresh;
    private readonly IntrospectionMetrics _metrics;

    public CachingIntrospector(
        SchemeServers servers,
        CacheKeyBuilder keys,
        IntrospectionCache cache,
        InFlightCalls calls,
        CallRunner runner,
        BackgroundRefresh refresh,
        EntryRemover remover,
        IntrospectionMetrics metrics,
        ServerDiscovery discovery
    )
    {
        _servers = servers;
        _keys = keys;
        _cache = cache;
        _calls = calls;
        _runner = runner;
        _refresh = refresh;
        _metrics = metrics;
        discovery.EndpointMoved += (_, moved) => remover.Remove(Removal.OfScheme(moved.Scheme)); // no response crosses endpoints
    }

    public SchemeServer GetServer(string scheme, OAuthIntrospectionOptions options) => _servers.Get(scheme, options);

    public CacheKey BuildKey(SchemeServer server, ReadOnlySpan<char> token) => _keys.Build(server.KeyPrefix, token);

    /// <summary>Finds an entry that may be served, and begins a background refresh when one is due.</summary>
    public CacheEntry? FindCached(
        SchemeServer server,
        in CacheKey key,
        ReadOnlySpan<char> token,
        TimeSpan? requiredFreshness,
        DateTimeOffset now
    )
    {
        CacheEntry? entry = _cache.Find(server.Name, key);
        EntryState state = entry is null ? EntryState.Expired : Freshness.StateOf(entry, server.Options.Cache, now);
        if (entry is not null && !server.Trusts(entry.ObtainedAt, now))
            state = EntryState.Expired; // other nodes may have removed it
        if (state < EntryState.Fresh || Freshness.IsTooOld(entry!.ObtainedAt, requiredFreshness, now))
        {
            _metrics.Miss(server.Name);
            return null;
        }

        _metrics.Hit(server.Name);
        entry.MarkUsed();
        if (state == EntryState.RefreshDue && entry.TryBeginRefresh(now))
            _refresh.Begin(server, entry, token.ToString());

        return entry;
    }

    /// <summary>Introspects a token that is not in the cache. <see cref="InFlightCalls"/> states how requests share calls.</summary>
    /// <returns>
    /// The result, and where it comes from: a call, or the cache, if a stale entry is used because the server is unavailable.
    /// </returns>
    public async Task<(IntrospectionResult Result, ResponseSource Source)> IntrospectAsync(
        SchemeServer server,
        CacheKey key,
        string token,
        TimeSpan? requiredFreshness,
        CancellationToken cancellationToken
    )
    {
        OAuthIntrospectionOptions options = server.Options;
        TimeSpan? maximumAge = Shortest(requiredFreshness, options.Cache.MaximumAge);
        long latestNumber = _calls.LatestNumber;
        long startedAt = server.Time.GetTimestamp();
        IntrospectionResult? removed = null;
        for (int attempt = 1; ; attempt++)
        {
            InFlightCall call = _runner.JoinOrStart(server, key, token, requiredFreshness, maximumAge, latestNumber, out bool isStarted);
            ResponseSource source = isStarted ? ResponseSource.Call : ResponseSource.JoinedCall;

            TimeSpan timeUntilTooOld = call.TimeUntilTooOld(maximumAge, latestNumber, server.Now);
            TimeSpan timeLeft = attempt == 1 ? TimeSpan.MaxValue : options.Timeout - server.Time.GetElapsedTime(startedAt);
            IntrospectionResult? result = await WaitAsync(call, Shorter(timeUntilTooOld, timeLeft), cancellationToken);
            if (result is null && timeUntilTooOld < timeLeft)
                continue;

            result ??= TimedOut(server);
            if (result.Unavailability is { } unavailability)
            {
                // When another removal has superseded this call as well, removals arrive faster than the server responds.
                if (removed is not null && call.FindSupersession(removed) == Supersession.Removal)
                    return (removed, source);

                bool mayBeStale = requiredFreshness is null && unavailability.AllowsStale;
                return mayBeStale && FindStale(server, key) is { } stale ? (stale, ResponseSource.StaleCache) : (result, source);
            }

            Supersession supersession = call.FindSupersession(result);
            bool isAskedForThisRequest = call.WasAskedAfter(latestNumber);
            bool isTooOld = !isAskedForThisRequest && Freshness.IsTooOldToShare(key, result, requiredFreshness, options.Cache, server.Now);
            if (supersession == Supersession.None && !isTooOld)
                return (result, source);

            // The server was asked after the request arrived, so the removal came even later. The result serves if every attempt ends so.
            removed = supersession == Supersession.Removal && isAskedForThisRequest ? result : null;
            if (attempt >= MaximumAttempts)
                return (removed ?? IntrospectionResult.Unavailable(server.Now, new(UnavailableReason.Superseded)), source);
        }
    }

    /// <summary>Finds a result for when the server is unavailable.</summary>
    /// <remarks>Another node may have removed what the fleet does not trust, so it is not used even then.</remarks>
    private IntrospectionResult? FindStale(SchemeServer server, in CacheKey key) =>
        _cache.FindResult(server.Scheme, key, requiredFreshness: null, EntryState.Stale) is { } result
        && server.Trusts(result.ObtainedAt, server.Now)
            ? result
            : null;

    /// <returns>The result; null when the limit has passed before.</returns>
    private static async Task<IntrospectionResult?> WaitAsync(InFlightCall call, TimeSpan limit, CancellationToken cancellationToken)
    {
        TimeSpan timeout =
            limit > s_longestWait ? Timeout.InfiniteTimeSpan
            : limit > TimeSpan.Zero ? limit
            : TimeSpan.Zero;
        try
        {
            return await call.Task.WaitAsync(timeout, call.Server.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return call.Task.IsCompleted ? await call.Task : null; // the call itself may have failed so, in an event handler
        }
        finally
        {
            IntrospectionActivities.Link(call.Span);
        }
    }

    private static IntrospectionResult TimedOut(SchemeServer server) =>
        IntrospectionResult.Unavailable(server.Now, new(UnavailableReason.TimedOut) { Exception = new TimeoutException() });

    private static TimeSpan? Shortest(TimeSpan? one, TimeSpan? other) => one < other ? one : other ?? one;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
