using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Tests.FreshTokens;

/// <summary>A base class with requirements of its own and of each action.</summary>
[RequireFreshToken(0)]
public abstract class StrictController : ControllerBase
{
    [HttpGet("plain")]
    public IActionResult Plain() => Content("plain");

    [HttpGet("fresh")]
    [RequireFreshToken(60)]
    public abstract IActionResult Fresh();

    [HttpGet("acr")]
    [RequireAcr("gold", "silver")]
    [RequireAcr("silver", "bronze")]
    public virtual IActionResult Acr() => Content("acr");

    [HttpGet("recent")]
    [RequireRecentAuthentication(60)]
    public virtual IActionResult Recent() => Content("recent");

    [HttpGet("scope")]
    [RequireScope("a")]
    public virtual IActionResult Scope() => Content("scope");
}
