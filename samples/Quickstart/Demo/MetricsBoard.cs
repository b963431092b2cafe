using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IntrospectionAuth;

namespace Quickstart.Demo;

/// <summary>Sums the library's metrics, as a monitoring system does.</summary>
internal sealed class MetricsBoard : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);

    public MetricsBoard(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == OAuthIntrospectionTelemetry.MeterName && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The values on the page. docs/telemetry.md describes the instruments.</summary>
    public object Read()
    {
        _listener.RecordObservableInstruments();
        return new
        {
            Active = Value(OAuthIntrospectionTelemetry.CallDuration, "active"),
            Inactive = Value(OAuthIntrospectionTelemetry.CallDuration, "inactive"),
            Unavailable = Value(OAuthIntrospectionTelemetry.CallDuration, "unavailable"),
            Prevented = Value(OAuthIntrospectionTelemetry.CallsPrevented),
            InFlight = Value(OAuthIntrospectionTelemetry.ActiveCalls),
            Hits = Value(OAuthIntrospectionTelemetry.CacheHits),
            Misses = Value(OAuthIntrospectionTelemetry.CacheMisses),
            Refreshes = Value(OAuthIntrospectionTelemetry.CacheRefreshes, "active")
                + Value(OAuthIntrospectionTelemetry.CacheRefreshes, "inactive")
                + Value(OAuthIntrospectionTelemetry.CacheRefreshes, "unavailable"),
            ActiveEntries = Value(OAuthIntrospectionTelemetry.CacheEntries, "active"),
            InactiveEntries = Value(OAuthIntrospectionTelemetry.CacheEntries, "inactive"),
            BreakerState = Value(OAuthIntrospectionTelemetry.BreakerState),
            UsableInSeconds = Value(OAuthIntrospectionTelemetry.ServerUsableIn),
        };
    }

    public void Dispose() => _listener.Dispose();

    private double Value(string instrument, string kind = "") => _sums.GetValueOrDefault($"{instrument} {kind}");

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string kind = "";
        foreach ((string name, object? tag) in tags)
        {
            if (name is "introspection_auth.outcome" or "introspection_auth.entry.type")
                kind = (string)tag!;
        }

        // An observable instrument reports totals. Of a histogram the page shows the number of measurements.
        string key = $"{instrument.Name} {kind}";
        if (instrument.IsObservable)
            _sums[key] = value;
        else
            _sums.AddOrUpdate(key, Step(instrument, value), (_, sum) => sum + Step(instrument, value));
    }

    private static double Step(Instrument instrument, double value) => instrument is Histogram<double> ? 1 : value;
}
