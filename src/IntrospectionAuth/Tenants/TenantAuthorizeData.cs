using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.Tenants;

/// <summary>A tenant rule on an endpoint. Like <c>[Authorize]</c>, it comes on top of the default policy.</summary>
internal sealed class TenantAuthorizeData(TenantRequirement requirement) : IAuthorizeData, IAuthorizationRequirementData
{
    public string? Policy { get; set; }

    public string? Roles { get; set; }

    public string? AuthenticationSchemes { get; set; }

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [requirement];
}
