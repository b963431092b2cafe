using Microsoft.Extensions.Internal;

namespace IntrospectionAuth.TenantResolution;

/// <summary>The clock of a scheme, for the expiry of its tenants.</summary>
internal sealed class ClockOfTenants(TimeProvider time) : ISystemClock
{
    public DateTimeOffset UtcNow => time.GetUtcNow();
}
