using IntrospectionAuth;
using Microsoft.AspNetCore.Mvc;

namespace Api;

/// <summary>The same protection as an attribute, on a controller.</summary>
[ApiController]
[Route("admin")]
[RequireScope("admin")]
public sealed class AdminController : ControllerBase
{
    /// <summary>Answers whoever has the scope.</summary>
    /// <returns>A sentence.</returns>
    [HttpGet]
    public string Get() => "You may administer.";
}
