using Microsoft.AspNetCore.SignalR;

namespace IntrospectionAuth.Tests.FreshTokens;

/// <summary>A hub with requirements of its connections and of its methods.</summary>
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
