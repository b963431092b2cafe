using IntrospectionAuth.Authorization;

namespace IntrospectionAuth.FreshTokens;

/// <summary>The required freshness in the metadata of an endpoint.</summary>
internal sealed class FreshTokenMetadata(FreshTokenRequirement requirement) : RequirementMetadata(requirement), IFreshTokenMetadata
{
    public TimeSpan MaximumAge => requirement.MaximumAge;
}
