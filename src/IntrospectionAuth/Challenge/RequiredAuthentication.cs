using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Challenge;

/// <summary>How and when a user must have authenticated, left with the request when an endpoint demands more than was done (RFC 9470, section 3).</summary>
internal sealed class RequiredAuthentication
{
    /// <summary>The values of <c>acr</c> that would do, separated by spaces, the preferred one first.</summary>
    public string? AcrValues { get; init; }

    public TimeSpan? MaxAge { get; init; }

    /// <returns>Null when nothing is demanded that was not done.</returns>
    public static RequiredAuthentication? Of(HttpContext context) => context.Features.Get<RequiredAuthentication>();
}
