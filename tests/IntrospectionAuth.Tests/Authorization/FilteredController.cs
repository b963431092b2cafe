using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>Actions for applications that authorize in MVC's filters.</summary>
[ApiController]
[Route("filtered")]
public sealed class FilteredController : ControllerBase
{
    [HttpGet("plain")]
    public IActionResult Plain() => Content("plain");

    [HttpGet("fresh")]
    [RequireFreshToken(0)]
    public IActionResult Fresh() => Content("fresh");

    [HttpGet("lenient")]
    [RequireFreshToken(3600)]
    public IActionResult Lenient() => Content("lenient");

    [HttpGet("gold")]
    [RequireAcr("gold")]
    public IActionResult Gold() => Content("gold");
}
