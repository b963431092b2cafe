using Microsoft.Extensions.Internal;

namespace IntrospectionAuth.TenantResolution;

/// <summary>A clock for the expiry of tenants.</summary>
internal sealed class ClockOfTenants(TimeProvider time) : ISystemClock
{
    public DateTimeOffset UtcNow => time.GetUtcNow();
}
