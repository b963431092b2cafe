using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.Authorization;

/// <summary>A requirement in the metadata of an endpoint. Like <c>[Authorize]</c>, it applies in addition to the default policy.</summary>
/// <remarks>The authorization middleware reads the requirement itself (<see cref="IAuthorizationRequirementData"/>).</remarks>
internal class RequirementMetadata(IAuthorizationRequirement requirement) : IAuthorizeData, IAuthorizationRequirementData
{
    public string? Policy { get; set; }

    public string? Roles { get; set; }

    public string? AuthenticationSchemes { get; set; }

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [requirement];
}
