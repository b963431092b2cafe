using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.Scopes;

/// <summary>Decides whether the caller has the required scopes.</summary>
internal sealed class ScopeAuthorizationHandler : AuthorizationHandler<ScopeRequirement>
{
    public const string ClaimType = "scope";

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (IsMet(context.User, requirement))
            context.Succeed(requirement);

        return Task.CompletedTask;
    }

    private static bool IsMet(ClaimsPrincipal user, ScopeRequirement requirement)
    {
        foreach (string scope in requirement.Scopes)
        {
            if (HasScope(user, scope) != requirement.RequiresAll)
                return !requirement.RequiresAll;
        }

        return requirement.RequiresAll;
    }

    /// <summary>Whether one of the authenticated identities has the scope.</summary>
    public static bool HasScope(ClaimsPrincipal user, string scope)
    {
        foreach (ClaimsIdentity identity in user.Identities)
        {
            if (!identity.IsAuthenticated)
                continue;

            foreach (Claim claim in identity.FindAll(ClaimType))
            {
                // FindAll ignores case. A claim of ours holds one scope; a claim of another scheme, such as JwtBearer, may hold several.
                if (claim.Type == ClaimType && HasToken(claim.Value, scope))
                    return true;
            }
        }

        return false;
    }

    private static bool HasToken(ReadOnlySpan<char> scopes, ReadOnlySpan<char> scope)
    {
        foreach (Range range in scopes.Split(' '))
        {
            if (scopes[range].SequenceEqual(scope))
                return true;
        }

        return false;
    }
}
