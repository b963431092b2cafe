using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>The context of <see cref="OAuthIntrospectionEvents.OnTokenValidated"/>.</summary>
/// <remarks>The principal belongs to this request alone and may be changed. <c>Fail(…)</c> rejects the token.</remarks>
public sealed class TokenValidatedContext : ResultContext<OAuthIntrospectionOptions>
{
    internal TokenValidatedContext(
        HttpContext context,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options,
        ClaimsPrincipal principal,
        AuthenticationProperties properties
    )
        : base(context, scheme, options)
    {
        Principal = principal;
        Properties = properties;
    }

    /// <summary>Gets the token that was accepted.</summary>
    public required string Token { get; init; }

    /// <summary>Gets the time of the introspection request whose response is used.</summary>
    public required DateTimeOffset ObtainedAt { get; init; }

    /// <summary>Gets whether the response came from the cache.</summary>
    public required bool IsFromCache { get; init; }
}
