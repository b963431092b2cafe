using Microsoft.AspNetCore.SignalR;

namespace IntrospectionAuth.Tests.FreshTokens;

/// <summary>A hub that demands something of its connections, and something of its methods.</summary>
[RequireFreshToken(0)]
public abstract class StrictHub : Hub
{
    [RequireAcr("gold")]
    public virtual string Acr() => "acr";

    [RequireScope("a")]
    public virtual string Scope() => "scope";

    [RequireRecentAuthentication(60)]
    public virtual string Recent() => "recent";
}
