namespace IntrospectionAuth;

/// <summary>Names of what the library measures and traces, for <c>AddMeter</c>, <c>AddSource</c> and dashboards.</summary>
/// <remarks>
/// Every measurement has the tag <c>aspnetcore.authentication.scheme</c>; some have <c>error.type</c> or an outcome. No tag is a token, a subject, or anything else
/// about a client. Requests, authentication results and HTTP calls are measured by ASP.NET Core and <see cref="HttpClient"/> themselves.
/// </remarks>
public static class OAuthIntrospectionTelemetry
{
    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>: <c>IntrospectionAuth</c>.</summary>
    public const string MeterName = "IntrospectionAuth";

    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>: <c>IntrospectionAuth</c>.</summary>
    public const string ActivitySourceName = "IntrospectionAuth";

    /// <summary>Histogram, seconds: how long the authorization server was asked, all attempts together; by <c>introspection_auth.outcome</c> and <c>error.type</c>.</summary>
    public const string CallDuration = "introspection_auth.call.duration";

    /// <summary>Counter, calls: those not made, because the circuit is open, the server wants to be left alone, or too many are under way; by <c>error.type</c>.</summary>
    public const string CallsPrevented = "introspection_auth.calls.prevented";

    /// <summary>Up-down counter, calls: those under way.</summary>
    public const string ActiveCalls = "introspection_auth.calls.active";

    /// <summary>Counter, lookups: tokens whose answer was kept and served.</summary>
    public const string CacheHits = "introspection_auth.cache.hits";

    /// <summary>Counter, lookups: tokens about which the server had to be asked, or a call under way joined.</summary>
    public const string CacheMisses = "introspection_auth.cache.misses";

    /// <summary>Counter, refreshes: background refreshes that ended; by <c>introspection_auth.outcome</c> and <c>error.type</c>.</summary>
    public const string CacheRefreshes = "introspection_auth.cache.refreshes";

    /// <summary>Up-down counter, entries: answers that are kept; by <c>introspection_auth.entry.type</c>, <c>active</c> or <c>inactive</c>.</summary>
    public const string CacheEntries = "introspection_auth.cache.entries";

    /// <summary>Counter, entries: answers that made room for others before their time; by <c>introspection_auth.entry.type</c>.</summary>
    public const string CacheEvictions = "introspection_auth.cache.evictions";

    /// <summary>Gauge: the circuit breaker's state; 0 closed, 1 half open, 2 open.</summary>
    public const string BreakerState = "introspection_auth.breaker.state";

    /// <summary>Gauge, seconds: how long the authorization server will not be asked; 0 when it may be.</summary>
    public const string ServerUsableIn = "introspection_auth.server.usable_in";
}
