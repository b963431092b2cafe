using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Tests.Tenants;

/// <summary>
/// A controller whose base class requires the workspace of the route. Its override requires the organization of a header.
/// </summary>
[ApiController]
public sealed class TenantController : TenantControllerBase
{
    [RequireTenant("org_id", header: "X-Org-Id")]
    public override IActionResult Both(string workspaceId) => Content(workspaceId);
}
