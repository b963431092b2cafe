using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>An action that calls AuthorizeAsync and forbids for another reason.</summary>
[ApiController]
public sealed class ProbingController(IAuthorizationService authorization) : ControllerBase
{
    [HttpGet("probe/action")]
    public async Task<IActionResult> ProbeAsync()
    {
        Assert.False((await authorization.AuthorizeAsync(User, HttpContext, "probe")).Succeeded);
        return Forbid();
    }
}
