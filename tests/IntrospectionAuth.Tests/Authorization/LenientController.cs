using IntrospectionAuth.Tests.FreshTokens;
using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>A controller whose class and overrides require less than <see cref="StrictController"/> does.</summary>
[Route("lenient")]
[RequireFreshToken(3600)]
public sealed class LenientController : StrictController
{
    [RequireFreshToken(3600)]
    public override IActionResult Fresh() => Content("fresh");

    [RequireAcr("silver")]
    public override IActionResult Acr() => Content("acr");

    [RequireRecentAuthentication(3600)]
    public override IActionResult Recent() => Content("recent");

    [RequireScope("b")]
    public override IActionResult Scope() => Content("scope");
}
