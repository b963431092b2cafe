using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.TenantResolution;

/// <summary>The result of looking for a tenant: the tenant, which is held until it is disposed; none; or why that is not known.</summary>
internal readonly struct TenantResult
{
    private TenantResult(Tenant? tenant, HandlerServices? services, Unavailability? unavailability)
    {
        Tenant = tenant;
        Services = services;
        Unavailability = unavailability;
    }

    public static TenantResult Unknown => default;

    /// <summary>The user disposes it, which ends its use.</summary>
    public Tenant? Tenant { get; }

    /// <summary>What the tenant consists of now. It stays the same for its user when the settings are resolved again.</summary>
    public HandlerServices? Services { get; }

    public Unavailability? Unavailability { get; }

    /// <summary>Whether settings that cannot be used require DPoP.</summary>
    public bool RequiresDPoP { get; private init; }

    public static TenantResult Found(Tenant tenant) => new(tenant, tenant.Services, unavailability: null);

    public static TenantResult Unavailable(Unavailability unavailability, bool requiresDPoP = false) =>
        new(null, null, unavailability) { RequiresDPoP = requiresDPoP };
}
