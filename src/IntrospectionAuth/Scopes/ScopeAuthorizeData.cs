using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.Scopes;

/// <summary>A scope requirement on an endpoint. Like <c>[Authorize]</c>, it comes on top of the default policy.</summary>
internal sealed class ScopeAuthorizeData(ScopeRequirement requirement) : IAuthorizeData, IAuthorizationRequirementData
{
    public string? Policy { get; set; }

    public string? Roles { get; set; }

    public string? AuthenticationSchemes { get; set; }

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [requirement];
}
