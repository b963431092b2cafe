using System.Security.Claims;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.FreshTokens;
using IntrospectionAuth.Scopes;
using IntrospectionAuth.StepUp;
using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Policies;

/// <summary>Describes the requirements of a policy that refused a request: what each expects, and what was found.</summary>
/// <remarks>Of the caller it names scopes and the time of authentication, never a tenant or the value of another claim.</remarks>
internal static class RequirementChecks
{
    /// <param name="policy">The policy.</param>
    /// <param name="failure">Which of its requirements were not met.</param>
    /// <param name="user">The user.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<Check> Of(
        AuthorizationPolicy policy,
        AuthorizationFailure? failure,
        ClaimsPrincipal user,
        DateTimeOffset now
    )
    {
        IAuthorizationRequirement[] failed = [.. failure?.FailedRequirements ?? []];
        List<Check> checks = [.. policy.Requirements.Select(requirement => Describe(requirement, user, now, failed.Contains(requirement)))];
        if (failure?.FailCalled == true)
        {
            checks.Add(
                new()
                {
                    Name = "requirement handler",
                    Expected = "no call of Fail()",
                    Found = "a call of Fail()",
                    Verdict = CheckVerdict.Failed,
                }
            );
        }

        return checks;
    }

    /// <summary>The names of the policies and attributes that an endpoint names.</summary>
    public static IReadOnlyList<string> NamesOf(HttpContext context) =>
        [
            .. (context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? [])
                .Select(static data => data.Policy)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];

    /// <returns>The remedy of the first requirement that was not met.</returns>
    public static Remedy? FindRemedy(AuthorizationFailure? failure) =>
        failure?.FailedRequirements.FirstOrDefault() switch
        {
            ScopeRequirement => new(
                "Have the client request a token with the scope, and have the server grant it. If the responses have scopes under another "
                    + "name, map it with ClaimMappings.",
                "docs/authorization.md#when-it-fails"
            ),
            FreshTokenRequirement => new(
                "Call UseRouting before UseAuthentication, or name the introspection scheme in the endpoint's policy.",
                "docs/caching.md#endpoints-that-require-a-fresh-response"
            ),
            AcrRequirement or RecentAuthenticationRequirement => new(
                "Have the user authenticate again as the challenge says, and have the server put acr and auth_time into its introspection "
                    + "responses.",
                "docs/step-up.md#how-it-is-checked"
            ),
            TenantRequirement => new(
                "Send the request for the tenant of the token, and check that the server's introspection responses have the claim.",
                "docs/authorization.md#tenants"
            ),
            RolesAuthorizationRequirement or ClaimsAuthorizationRequirement => new(
                "Have the server put the value into its introspection responses. If it is there under another name, set RoleClaimType for "
                    + "roles, or map it with ClaimMappings.",
                "docs/claims.md#mapping"
            ),
            _ => new("Look at the requirements of the endpoint's policy.", "docs/authorization.md#your-own-policies-and-providers"),
        };

    private static Check Describe(IAuthorizationRequirement requirement, ClaimsPrincipal user, DateTimeOffset now, bool isFailed)
    {
        (string name, string expected, string found) = requirement switch
        {
            ScopeRequirement scopes => ("scope", Expect(scopes), FindScopes(scopes, user, isFailed)),
            FreshTokenRequirement fresh => (
                "fresh token",
                $"a response at most {LogText.Of(fresh.MaximumAge)} old, obtained for this endpoint",
                isFailed ? "none" : "one"
            ),
            AcrRequirement acr => ("acr", "one of " + LogText.OfAll(acr.Values), isFailed ? "another value, or none" : "one of them"),
            RecentAuthenticationRequirement recent => (
                "auth_time",
                $"a time at most {LogText.Of(recent.MaxAge)} ago",
                FindAuthenticationTime(user, now)
            ),
            TenantRequirement tenant => (
                "tenant",
                LogText.Escape(tenant.Description),
                isFailed ? "another value, or none" : "the same value"
            ),
            DenyAnonymousAuthorizationRequirement => ("user", "an authenticated user", isFailed ? "none" : "one"),
            RolesAuthorizationRequirement roles => (
                "role",
                "one of " + LogText.OfAll(roles.AllowedRoles),
                isFailed ? "none of them" : "one of them"
            ),
            ClaimsAuthorizationRequirement claims => (
                $"claim {LogText.Of(claims.ClaimType)}",
                claims.AllowedValues?.Any() == true ? "one of the values in the policy" : "a value",
                isFailed ? "another value, or none" : "such a value"
            ),
            _ => (requirement.GetType().Name, "to be met", isFailed ? "not met" : "met"),
        };
        return new()
        {
            Name = name,
            Expected = expected,
            Found = found,
            Verdict = isFailed ? CheckVerdict.Failed : CheckVerdict.Passed,
        };
    }

    private static string Expect(ScopeRequirement requirement) =>
        requirement.Scopes.Count == 1
            ? LogText.Of(requirement.Scopes[0])
            : $"{(requirement.RequiresAll ? "all" : "one")} of {LogText.OfAll(requirement.Scopes)}";

    /// <returns>The scopes of the user, and which are missing.</returns>
    private static string FindScopes(ScopeRequirement requirement, ClaimsPrincipal user, bool isFailed)
    {
        string[] scopes =
        [
            .. user.FindAll(static claim => claim.Type == ScopeAuthorizationHandler.ClaimType)
                .SelectMany(static claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Distinct(StringComparer.Ordinal),
        ];
        if (scopes.Length == 0)
            return "no scope";
        if (!isFailed)
            return LogText.OfAll(scopes);

        IEnumerable<string> missing = requirement.Scopes.Where(scope => !ScopeAuthorizationHandler.HasScope(user, scope));
        return $"{LogText.OfAll(scopes)}, without {LogText.OfAll(missing)}";
    }

    private static string FindAuthenticationTime(ClaimsPrincipal user, DateTimeOffset now)
    {
        DateTimeOffset? latest = user.Identities.Max(AuthenticationClaims.GetTime);
        return latest is { } time ? LogText.Of(time, now) : "no time that can be read";
    }
}
