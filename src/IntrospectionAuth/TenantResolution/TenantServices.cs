using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Telemetry;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.TenantResolution;

/// <summary>What all tenants share: nothing in it knows a token, a response or a server.</summary>
internal sealed class TenantServices(
    ILoggerFactory loggers,
    IServiceScopeFactory scopes,
    IDataProtectionProvider dataProtection,
    TimeProvider time,
    IntrospectionMetrics metrics,
    IntrospectionActivities activities,
    Fleets fleets,
    FleetMetrics fleetMetrics,
    DecisionLog decisions,
    TokenFingerprints fingerprints,
    ExchangeRecorder exchanges,
    ISharedCacheEngine? engine,
    IHostEnvironment? environment
)
{
    public ILoggerFactory Loggers { get; } = loggers;

    public IServiceScopeFactory Scopes { get; } = scopes;

    public IDataProtectionProvider DataProtection { get; } = dataProtection;

    public TimeProvider Time { get; } = time;

    public IntrospectionMetrics Metrics { get; } = metrics.ForTenant();

    public IntrospectionActivities Activities { get; } = activities;

    /// <summary>The nodes of the schemes, and what they report.</summary>
    public Fleets Fleets { get; } = fleets;

    public FleetMetrics FleetMetrics { get; } = fleetMetrics;

    public DecisionLog Decisions { get; } = decisions;

    public TokenFingerprints Fingerprints { get; } = fingerprints;

    public ExchangeRecorder Exchanges { get; } = exchanges;

    public ISharedCacheEngine? Engine { get; } = engine;

    public IHostEnvironment? Environment { get; } = environment;
}
