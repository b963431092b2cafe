using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.FreshTokens;

/// <summary>A demand for a fresh token on an endpoint. Like <c>[Authorize]</c>, it comes on top of the default policy.</summary>
internal sealed class FreshTokenAuthorizeData(TimeSpan maximumAge) : IAuthorizeData, IAuthorizationRequirementData, IFreshTokenMetadata
{
    private readonly FreshTokenRequirement _requirement = new(maximumAge);

    public TimeSpan MaximumAge => _requirement.MaximumAge;

    public string? Policy { get; set; }

    public string? Roles { get; set; }

    public string? AuthenticationSchemes { get; set; }

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [_requirement];
}
