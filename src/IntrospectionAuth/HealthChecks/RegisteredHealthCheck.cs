using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IntrospectionAuth.HealthChecks;

/// <summary>A health check that was added, recorded so that adding it twice adds it once.</summary>
internal sealed record RegisteredHealthCheck(string Name, string? Scheme, HealthStatus? FailureStatus, TimeSpan Interval);
