using IntrospectionAuth.Authorization;
using IntrospectionAuth.FreshTokens;
using IntrospectionAuth.StepUp;
using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.Policies;

/// <summary>
/// Provides the policies named <c>scope:…</c> and those of our attributes; the inner provider provides every other policy.
/// </summary>
internal sealed class RequirementPolicyProvider(IAuthorizationPolicyProvider inner) : IAuthorizationPolicyProvider
{
    private const string ScopePrefix = "scope:";

    // The name of a policy holds all its requirements, so a policy that the framework caches for an endpoint stays valid.
    public bool AllowsCachingPolicies => inner.AllowsCachingPolicies;

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => inner.GetDefaultPolicyAsync();

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => inner.GetFallbackPolicyAsync();

    public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) =>
        policyName.StartsWith(ScopePrefix, StringComparison.Ordinal) ? GetScopePolicyAsync(policyName)
        : FindAttributeRequirement(policyName) is { } requirement ? GetAttributePolicyAsync(requirement)
        : inner.GetPolicyAsync(policyName);

    private static IAuthorizationRequirement? FindAttributeRequirement(string policyName) =>
        AttributePolicyName.Parse(policyName) switch
        {
            (nameof(RequireScopeAttribute), var arguments) => ScopeRequirement.Parse(arguments),
            (nameof(RequireFreshTokenAttribute), var arguments) => FreshTokenRequirement.Parse(arguments),
            (nameof(RequireAcrAttribute), var arguments) => AcrRequirement.Parse(arguments),
            (nameof(RequireRecentAuthenticationAttribute), var arguments) => RecentAuthenticationRequirement.Parse(arguments),
            (nameof(RequireTenantAttribute), var arguments) => TenantRequirement.Parse(arguments),
            _ => null,
        };

    /// <summary>An attribute applies in addition to the default policy.</summary>
    private async Task<AuthorizationPolicy?> GetAttributePolicyAsync(IAuthorizationRequirement requirement) =>
        new AuthorizationPolicyBuilder(await inner.GetDefaultPolicyAsync()).RequireAuthenticatedUser().AddRequirements(requirement).Build();

    /// <summary>A policy that the application registered under such a name takes precedence.</summary>
    private async Task<AuthorizationPolicy?> GetScopePolicyAsync(string policyName)
    {
        if (await inner.GetPolicyAsync(policyName) is { } registered)
            return registered;

        // The framework throws for a policy that is null. "scope:" alone must not become a policy that requires nothing.
        return ScopeRequirement.Parse([policyName[ScopePrefix.Length..]]) is { } requirement
            ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(requirement).Build()
            : null;
    }
}
