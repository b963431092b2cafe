using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IntrospectionAuth.Telemetry;

/// <summary>
/// Measures what the framework does not: calls, the cache and the state of the server. Without a listener a measurement costs one check of
/// a flag.
/// </summary>
internal sealed class IntrospectionMetrics
{
    private const string SchemeTagName = "aspnetcore.authentication.scheme"; // the framework's name, so that dashboards can join
    public const string OutcomeTagName = "introspection_auth.outcome";
    public const string ErrorTypeTagName = "error.type";

    private readonly Meter _meter;
    private readonly Histogram<double> _callDuration;
    private readonly Counter<long> _callsPrevented,
        _hits,
        _misses,
        _refreshes,
        _pushedEvents;
    private readonly UpDownCounter<long> _activeCalls;
    private bool _isObserved = true;

    public IntrospectionMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(OAuthIntrospectionTelemetry.MeterName);
        _callDuration = _meter.CreateHistogram(
            OAuthIntrospectionTelemetry.CallDuration,
            "s",
            "Duration of introspection calls, all attempts together.",
            tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
            }
        );
        _callsPrevented = _meter.CreateCounter<long>(OAuthIntrospectionTelemetry.CallsPrevented, "{call}", "Calls that were not made.");
        _activeCalls = _meter.CreateUpDownCounter<long>(OAuthIntrospectionTelemetry.ActiveCalls, "{call}", "Calls in flight.");
        _hits = _meter.CreateCounter<long>(OAuthIntrospectionTelemetry.CacheHits, "{lookup}", "Lookups with a usable cache entry.");
        _misses = _meter.CreateCounter<long>(OAuthIntrospectionTelemetry.CacheMisses, "{lookup}", "Lookups without a usable cache entry.");
        _refreshes = _meter.CreateCounter<long>(OAuthIntrospectionTelemetry.CacheRefreshes, "{refresh}", "Background refreshes.");
        _pushedEvents = _meter.CreateCounter<long>(
            OAuthIntrospectionTelemetry.PushedEvents,
            "{event}",
            "Events received in order to revoke tokens, pushed or polled."
        );
    }

    /// <summary>
    /// The same instruments for a tenant, whose calls count as those of its scheme. The state of each tenant is not observed: the number of
    /// tenants has no useful bound, and an instrument cannot be removed from a meter.
    /// </summary>
    public IntrospectionMetrics ForTenant()
    {
        var metrics = (IntrospectionMetrics)MemberwiseClone();
        metrics._isObserved = false;
        return metrics;
    }

    public static KeyValuePair<string, object?> SchemeTag(string scheme) => new(SchemeTagName, scheme);

    public void Hit(string scheme)
    {
        if (_hits.Enabled)
            _hits.Add(1, SchemeTag(scheme));
    }

    public void Miss(string scheme) => _misses.Add(1, SchemeTag(scheme));

    public void CallStarted(string scheme) => _activeCalls.Add(1, SchemeTag(scheme));

    public void CallEnded(string scheme) => _activeCalls.Add(-1, SchemeTag(scheme));

    public void CallMeasured(string scheme, string outcome, string? errorType, TimeSpan elapsed) =>
        _callDuration.Record(elapsed.TotalSeconds, Tags(scheme, outcome, errorType));

    /// <summary>Records a call that failed in the application's event handler.</summary>
    public void CallFailed(string scheme, Exception exception, TimeSpan elapsed) =>
        CallMeasured(scheme, "unavailable", exception.GetType().FullName, elapsed);

    public void CallPrevented(string scheme, string errorType) =>
        _callsPrevented.Add(1, SchemeTag(scheme), new(ErrorTypeTagName, errorType));

    public void Refreshed(string scheme, string outcome, string? errorType) => _refreshes.Add(1, Tags(scheme, outcome, errorType));

    /// <summary>Records a refresh that failed in the application's event handler.</summary>
    public void RefreshFailed(string scheme, Exception exception) => Refreshed(scheme, "unavailable", exception.GetType().FullName);

    public void EventPushed(string source, string type, string result) =>
        _pushedEvents.Add(
            1,
            new("introspection_auth.event.source", source),
            new("introspection_auth.event.type", type),
            new("introspection_auth.event.result", result)
        );

    public void ObserveStores(Func<IEnumerable<Measurement<int>>> entries, Func<IEnumerable<Measurement<long>>> evictions)
    {
        if (!_isObserved)
            return;

        _meter.CreateObservableUpDownCounter(OAuthIntrospectionTelemetry.CacheEntries, entries, "{entry}", "Cache entries.");
        _meter.CreateObservableCounter(
            OAuthIntrospectionTelemetry.CacheEvictions,
            evictions,
            "{entry}",
            "Cache entries evicted before they expired."
        );
    }

    public void ObserveServers(Func<IEnumerable<Measurement<int>>> breakerStates, Func<IEnumerable<Measurement<double>>> usableIn)
    {
        if (!_isObserved)
            return;

        _meter.CreateObservableGauge(
            OAuthIntrospectionTelemetry.BreakerState,
            breakerStates,
            "1",
            "State of the circuit breaker: 0 closed, 1 half open, 2 open."
        );
        _meter.CreateObservableGauge(
            OAuthIntrospectionTelemetry.ServerUsableIn,
            usableIn,
            "s",
            "Time until calls to the authorization server are made again."
        );
    }

    public static KeyValuePair<string, object?>[] EntryTags(string scheme, bool isActive) =>
        [SchemeTag(scheme), new("introspection_auth.entry.type", isActive ? "active" : "inactive")];

    private static TagList Tags(string scheme, string outcome, string? errorType)
    {
        var tags = new TagList { SchemeTag(scheme), { OutcomeTagName, outcome } };
        if (errorType is not null)
            tags.Add(ErrorTypeTagName, errorType);
        return tags;
    }
}
