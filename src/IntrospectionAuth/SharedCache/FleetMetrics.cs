using System.Diagnostics.Metrics;
using IntrospectionAuth.Telemetry;

namespace IntrospectionAuth.SharedCache;

/// <summary>Measures the shared cache.</summary>
internal sealed class FleetMetrics
{
    private readonly Counter<long> _lookups,
        _removals;

    private readonly Counter<long> _failures;

    public FleetMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(OAuthIntrospectionTelemetry.MeterName);
        _lookups = meter.CreateCounter<long>(OAuthIntrospectionTelemetry.SharedCacheLookups, "{lookup}", "Lookups in the shared cache.");
        _failures = meter.CreateCounter<long>(
            OAuthIntrospectionTelemetry.SharedCacheFailures,
            "{operation}",
            "Operations of the shared cache that failed."
        );
        _removals = meter.CreateCounter<long>(
            OAuthIntrospectionTelemetry.SharedCacheRemovals,
            "{removal}",
            "Removals received from other nodes."
        );
    }

    /// <param name="scheme">The scheme.</param>
    /// <param name="outcome">hit, miss, removed, unreadable or unavailable.</param>
    public void LookedUp(string scheme, string outcome) =>
        _lookups.Add(1, IntrospectionMetrics.SchemeTag(scheme), new(IntrospectionMetrics.OutcomeTagName, outcome));

    /// <param name="operation">get, set, remove, lease, proof, read or append.</param>
    /// <param name="exception">The failure.</param>
    public void OperationFailed(string operation, Exception exception) =>
        _failures.Add(
            1,
            new("introspection_auth.operation", operation),
            new(IntrospectionMetrics.ErrorTypeTagName, exception is TimeoutException ? "timeout" : exception.GetType().FullName)
        );

    public void Received(int removals) => _removals.Add(removals);
}
