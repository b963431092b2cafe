using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Tests.StepUp;

/// <summary>Step-up as attributes: of the controller, of an action, and overridden by AllowAnonymous.</summary>
[ApiController]
[Route("step-up")]
[RequireAcr("silver gold")]
public sealed class StepUpController : ControllerBase
{
    [HttpGet("plain")]
    public IActionResult Plain() => Content("plain");

    [HttpGet("gold")]
    [RequireAcr("gold")]
    public IActionResult Gold() => Content("gold");

    [HttpGet("recent")]
    [RequireRecentAuthentication(60)]
    public IActionResult Recent() => Content("recent");

    [HttpGet("scope")]
    [RequireScope("a")]
    public IActionResult Scope() => Content("scope");

    [HttpGet("open")]
    [AllowAnonymous]
    public IActionResult Open() => Content("open");
}
