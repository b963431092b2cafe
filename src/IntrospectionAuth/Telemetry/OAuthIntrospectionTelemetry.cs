namespace IntrospectionAuth;

/// <summary>The names of the library's metrics and traces, for <c>AddMeter</c>, <c>AddSource</c> and dashboards.</summary>
/// <remarks>
/// Measurements have the tag <c>aspnetcore.authentication.scheme</c>, apart from those of <see cref="PushedEvents"/>,
/// <see cref="SharedCacheFailures"/> and <see cref="SharedCacheRemovals"/>; some have <c>error.type</c> or an outcome. No tag contains a
/// token, a subject, or anything else about a caller. ASP.NET Core and <see cref="HttpClient"/> already measure requests, authentication
/// results and HTTP calls.
/// </remarks>
public static class OAuthIntrospectionTelemetry
{
    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>: <c>IntrospectionAuth</c>.</summary>
    public const string MeterName = "IntrospectionAuth";

    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>: <c>IntrospectionAuth</c>.</summary>
    public const string ActivitySourceName = "IntrospectionAuth";

    /// <summary>
    /// Histogram, seconds: the duration of introspection calls, all attempts together; by <c>introspection_auth.outcome</c> and
    /// <c>error.type</c>.
    /// </summary>
    public const string CallDuration = "introspection_auth.call.duration";

    /// <summary>
    /// Counter, calls: calls that were not made, because the circuit is open, the server sent <c>Retry-After</c>, or too many calls are in
    /// flight; by <c>error.type</c>.
    /// </summary>
    public const string CallsPrevented = "introspection_auth.calls.prevented";

    /// <summary>Up-down counter, calls: calls in flight.</summary>
    public const string ActiveCalls = "introspection_auth.calls.active";

    /// <summary>Counter, lookups: lookups that found a usable cache entry.</summary>
    public const string CacheHits = "introspection_auth.cache.hits";

    /// <summary>Counter, lookups: lookups that found no usable cache entry, so the request made a call or joined one in flight.</summary>
    public const string CacheMisses = "introspection_auth.cache.misses";

    /// <summary>Counter, refreshes: completed background refreshes; by <c>introspection_auth.outcome</c> and <c>error.type</c>.</summary>
    public const string CacheRefreshes = "introspection_auth.cache.refreshes";

    /// <summary>
    /// Up-down counter, entries: cache entries; by <c>introspection_auth.entry.type</c>, <c>active</c> or <c>inactive</c>.
    /// </summary>
    public const string CacheEntries = "introspection_auth.cache.entries";

    /// <summary>Counter, entries: cache entries that were evicted before they expired; by <c>introspection_auth.entry.type</c>.</summary>
    public const string CacheEvictions = "introspection_auth.cache.evictions";

    /// <summary>Gauge: the circuit breaker's state; 0 closed, 1 half open, 2 open.</summary>
    public const string BreakerState = "introspection_auth.breaker.state";

    /// <summary>Gauge, seconds: the time until calls to the authorization server are made again; 0 when they are made.</summary>
    public const string ServerUsableIn = "introspection_auth.server.usable_in";

    /// <summary>
    /// Counter, events: events that this API received in order to revoke tokens, pushed or polled; by
    /// <c>introspection_auth.event.source</c>, <c>introspection_auth.event.type</c> and <c>introspection_auth.event.result</c>.
    /// </summary>
    public const string PushedEvents = "introspection_auth.revocation.events";

    /// <summary>
    /// Counter, lookups: lookups in the shared cache; by <c>introspection_auth.outcome</c>: <c>hit</c>, <c>miss</c>, <c>removed</c>,
    /// <c>unreadable</c> or <c>unavailable</c>.
    /// </summary>
    public const string SharedCacheLookups = "introspection_auth.shared_cache.lookups";

    /// <summary>
    /// Counter, operations: operations of the shared cache that failed; by <c>introspection_auth.operation</c> and <c>error.type</c>.
    /// </summary>
    public const string SharedCacheFailures = "introspection_auth.shared_cache.failures";

    /// <summary>Counter, removals: removals that were received from other nodes.</summary>
    public const string SharedCacheRemovals = "introspection_auth.shared_cache.removals";
}
