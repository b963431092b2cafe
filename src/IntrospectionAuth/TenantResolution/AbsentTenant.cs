using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.TenantResolution;

/// <summary>That there is no tenant of a name, or no usable one.</summary>
/// <param name="Unavailability">Why it is not usable; null when there is none.</param>
/// <param name="UsedUntil">Until when this is the result for further callers. Then the name is resolved again.</param>
/// <param name="FaultLoggedAt">When its fault was last logged.</param>
/// <param name="SchemeOptions">The options of the scheme then. Others may know the tenant.</param>
internal sealed record AbsentTenant(
    Unavailability? Unavailability,
    DateTimeOffset UsedUntil,
    DateTimeOffset FaultLoggedAt,
    OAuthIntrospectionOptions SchemeOptions
)
{
    /// <inheritdoc cref="TenantResult.RequiresDPoP"/>
    public bool RequiresDPoP { get; init; }

    public TenantResult Result => Unavailability is null ? TenantResult.Unknown : TenantResult.Unavailable(Unavailability, RequiresDPoP);
}
