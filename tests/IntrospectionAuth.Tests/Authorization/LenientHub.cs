using IntrospectionAuth.Tests.FreshTokens;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>A hub whose class and overrides require less than <see cref="StrictHub"/> does.</summary>
[RequireFreshToken(3600)]
public sealed class LenientHub : StrictHub
{
    [RequireAcr("gold", "silver")]
    public override string Acr() => "acr";

    [RequireScope("b")]
    public override string Scope() => "scope";

    [RequireRecentAuthentication(3600)]
    public override string Recent() => "recent";
}
