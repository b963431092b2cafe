using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.StepUp;

/// <summary>A requirement of the user's authentication on an endpoint. Like <c>[Authorize]</c>, it comes on top of the default policy.</summary>
internal sealed class StepUpAuthorizeData(IAuthorizationRequirement requirement) : IAuthorizeData, IAuthorizationRequirementData
{
    public string? Policy { get; set; }

    public string? Roles { get; set; }

    public string? AuthenticationSchemes { get; set; }

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [requirement];
}
