using System.Globalization;
using IntrospectionAuth.Server;
using IntrospectionAuth.SharedCache;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IntrospectionAuth.HealthChecks;

/// <summary>Reports a shared cache that does not work. The node then works alone, so its health is degraded.</summary>
internal static class SharedCacheHealth
{
    /// <returns>What is wrong; null when the scheme shares nothing, or the shared cache works.</returns>
    public static HealthCheckResult? FindFault(SchemeServer server)
    {
        if (server.Fleet is not { } fleet)
            return null;
        if (!fleet.Condition.IsGood)
            return Fails(server.Name, fleet.EngineName);
        if (fleet.ClockDifference <= Fleet.MaximumClockDifference)
            return null;

        string seconds = fleet.ClockDifference.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return Degraded(
            server.Name,
            "clock_difference",
            $"the clock of this node differs by {seconds} seconds from that of the shared cache ({fleet.EngineName}), so it shares nothing."
        );
    }

    /// <summary>Tenants may have secrets where the scheme has none. The engine is the same for all.</summary>
    /// <returns>What is wrong; null when no tenant has used the shared cache, or it works.</returns>
    public static HealthCheckResult? FindFaultOfTenants(string scheme, Fleets fleets) =>
        fleets.Engine is { Condition.IsGood: false } it ? Fails(scheme, it.Engine.Name) : null;

    private static HealthCheckResult Fails(string scheme, string engine) =>
        Degraded(
            scheme,
            "shared_cache",
            $"the shared cache fails ({engine}). This node works alone, and its removals reach the other nodes later."
        );

    private static HealthCheckResult Degraded(string scheme, string errorType, string description) =>
        new(
            HealthStatus.Degraded,
            $"Scheme {scheme}: {description}",
            exception: null,
            new Dictionary<string, object>(StringComparer.Ordinal) { ["scheme"] = scheme, ["error.type"] = errorType }
        );
}
