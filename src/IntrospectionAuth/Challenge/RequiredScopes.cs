using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Challenge;

/// <summary>What an endpoint needs, left with the request when the caller lacks some of it (RFC 6750, section 3: <c>scope</c>).</summary>
internal sealed class RequiredScopes(IEnumerable<IAuthorizationRequirement> requirements)
{
    /// <returns>The scopes, separated by spaces; null when the caller lacks none.</returns>
    public static string? Of(HttpContext context) => context.Features.Get<RequiredScopes>()?.ToString();

    public override string ToString() =>
        string.Join(' ', requirements.OfType<ScopeRequirement>().SelectMany(static requirement => requirement.Scopes).Distinct(StringComparer.Ordinal));
}
