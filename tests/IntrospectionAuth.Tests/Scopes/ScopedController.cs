using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Tests.Scopes;

/// <summary>Scopes as attributes: of the controller, of an action, with a role, and overridden by AllowAnonymous.</summary>
[ApiController]
[Route("controller")]
[RequireScope("a")]
public sealed class ScopedController : ControllerBase
{
    [HttpGet("one")]
    public IActionResult One() => Content("one");

    [HttpGet("two")]
    [RequireScope("b c")]
    public IActionResult Two() => Content("two");

    [HttpGet("twice")]
    [RequireScope("b")]
    [RequireScope("c")]
    public IActionResult Twice() => Content("twice");

    [HttpGet("role")]
    [RequireScope("b", Roles = "editor")]
    public IActionResult Role() => Content("role");

    [HttpGet("policy")]
    [RequireScope("b")]
    [Authorize(Policy = "scope:c")]
    public IActionResult Policy() => Content("policy");

    [HttpGet("open")]
    [AllowAnonymous]
    public IActionResult Open() => Content("open");
}
