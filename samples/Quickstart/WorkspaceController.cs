using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Quickstart;

/// <summary>The API: what a token must say is an attribute, and what it said is in <see cref="ControllerBase.User"/>.</summary>
[ApiController]
public sealed class WorkspaceController : ControllerBase
{
    [HttpGet("/read")]
    [Authorize(Policy = "scope:read")]
    public object Read() => Answer($"You may read in {Workspace}.");

    [HttpPost("/write")]
    [Authorize(Policy = "scope:write")]
    public object Write() => Answer($"You may write in {Workspace}.");

    [HttpGet("/me")]
    [Authorize]
    public object Me() => Answer($"You are {User.Identity?.Name}.");

    private string Workspace => User.FindFirst("workspace_id")?.Value ?? "no workspace";

    private object Answer(string message) => new { message, claims = User.Claims.Select(claim => new { claim.Type, claim.Value }) };
}
