using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Quickstart;

/// <summary>The API: attributes state what a token must have, and <see cref="ControllerBase.User"/> has its claims.</summary>
[ApiController]
public sealed class WorkspaceController : ControllerBase
{
    [HttpGet("/read")]
    [Authorize(Policy = "scope:read")]
    public object Read() => Describe($"You may read in {Workspace}.");

    [HttpPost("/write")]
    [Authorize(Policy = "scope:write")]
    public object Write() => Describe($"You may write in {Workspace}.");

    [HttpGet("/me")]
    [Authorize]
    public object Me() => Describe($"You are {User.Identity?.Name}.");

    private string Workspace => User.FindFirst("workspace_id")?.Value ?? "no workspace";

    private object Describe(string message) => new { message, claims = User.Claims.Select(claim => new { claim.Type, claim.Value }) };
}
