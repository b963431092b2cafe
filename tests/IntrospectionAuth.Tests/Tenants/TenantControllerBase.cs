using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Tests.Tenants;

/// <summary>Requires the workspace of the route.</summary>
[RequireTenant("workspace_id", routeValue: "workspaceId")]
[Route("tenant/{workspaceId}")]
public abstract class TenantControllerBase : ControllerBase
{
    [HttpGet("one")]
    public IActionResult One(string workspaceId) => Content(workspaceId);

    [HttpGet("both")]
    [RequireTenant("workspace_id", routeValue: "workspaceId")]
    public virtual IActionResult Both(string workspaceId) => Content(workspaceId);
}
