using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IntrospectionAuth.HealthChecks;

/// <summary>Remembers which health check was added, so that adding it twice is adding it once.</summary>
internal sealed record RegisteredHealthCheck(string Name, string? Scheme, HealthStatus? FailureStatus, TimeSpan Interval);
