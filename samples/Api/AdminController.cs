using IntrospectionAuth;
using Microsoft.AspNetCore.Mvc;

namespace Api;

/// <summary>Requires a scope by an attribute on a controller.</summary>
[ApiController]
[Route("admin")]
[RequireScope("admin")]
public sealed class AdminController : ControllerBase
{
    /// <summary>Responds to callers that have the scope.</summary>
    /// <returns>A sentence.</returns>
    [HttpGet]
    public string Get() => "You may administer.";
}
