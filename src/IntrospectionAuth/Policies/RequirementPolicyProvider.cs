using IntrospectionAuth.Authorization;
using IntrospectionAuth.FreshTokens;
using IntrospectionAuth.StepUp;
using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.Policies;

/// <summary>
/// Provides the policies named <c>scope:…</c> and those of our attributes; the inner provider provides every other policy.
/// </summary>
internal sealed class RequirementPolicyProvider(IAuthorizationPolicyProvider inner, UnknownPolicies unknown) : IAuthorizationPolicyProvider
{
    /// <summary>Whether the inner provider is the framework's own, whose policies do not change after startup.</summary>
    public bool IsAroundDefault => inner.GetType() == typeof(DefaultAuthorizationPolicyProvider);

    // The name of a policy holds all its requirements, so a policy that the framework caches for an endpoint stays valid.
    public bool AllowsCachingPolicies => inner.AllowsCachingPolicies;

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => inner.GetDefaultPolicyAsync();

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => inner.GetFallbackPolicyAsync();

    public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
    {
        Task<AuthorizationPolicy?> search = FindPolicyAsync(policyName);
        return search is { IsCompletedSuccessfully: true, Result: not null } ? search : NoteUnknownAsync(policyName, search);
    }

    /// <summary>Finds a policy, and logs nothing when there is none.</summary>
    public Task<AuthorizationPolicy?> FindPolicyAsync(string policyName) =>
        ScopePolicyName.ScopesOf(policyName) is { } scopes ? GetScopePolicyAsync(policyName, scopes)
        : FindAttributeRequirement(policyName) is { } requirement ? GetAttributePolicyAsync(requirement)
        : inner.GetPolicyAsync(policyName);

    private async Task<AuthorizationPolicy?> NoteUnknownAsync(string policyName, Task<AuthorizationPolicy?> search)
    {
        AuthorizationPolicy? policy = await search;
        if (policy is null)
            unknown.Note(policyName);
        return policy;
    }

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
    private async Task<AuthorizationPolicy?> GetScopePolicyAsync(string policyName, string scopes)
    {
        if (await inner.GetPolicyAsync(policyName) is { } registered)
            return registered;

        // The framework throws for a policy that is null. "scope:" alone must not become a policy that requires nothing.
        return ScopeRequirement.Parse([scopes]) is { } requirement
            ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(requirement).Build()
            : null;
    }
}
