using IntrospectionAuth.FreshTokens;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace IntrospectionAuth.Tests.Policies;

/// <summary>One requirement of each kind, by the name that tests have for it.</summary>
internal static class Requirements
{
    public static AuthorizationPolicyBuilder Require(this AuthorizationPolicyBuilder policy, string requirement) =>
        requirement switch
        {
            "scope" => policy.RequireScope("read"),
            "all scopes" => policy.RequireScope("read", "write"),
            "any scope" => policy.RequireAnyScope("read", "write"),
            "fresh token" => policy.AddRequirements(new FreshTokenRequirement(TimeSpan.FromSeconds(30))), // not in the endpoint's metadata
            "acr" => policy.RequireAcr("gold", "silver"),
            "recent authentication" => policy.RequireRecentAuthentication(TimeSpan.FromMinutes(5)),
            "tenant" => policy.RequireTenant("workspace_id", routeValue: "workspaceId"),
            "role" => policy.RequireRole("editor", "owner"),
            "claim" => policy.RequireClaim("plan"),
            "values of a claim" => policy.RequireClaim("plan", "pro", "team"),
            "user" => policy.RequireAuthenticatedUser(),
            "assertion" => policy.RequireAssertion(static context => context.User.HasClaim("plan", "pro")),
            _ => throw new ArgumentOutOfRangeException(nameof(requirement), requirement, message: null),
        };
}
