using System.Globalization;
using IntrospectionAuth.FreshTokens;
using IntrospectionAuth.StepUp;
using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace IntrospectionAuth.Policies;

/// <summary>Supplies the policies named <c>scope:…</c> and those that our attributes stand for; every other one, and one that the application registered itself, comes from the provider inside.</summary>
internal sealed class RequirementPolicyProvider(IAuthorizationPolicyProvider inner) : IAuthorizationPolicyProvider
{
    /// <summary>Begins the names of the policies that <see cref="RequireScopeAttribute"/> stands for.</summary>
    public const string OnTopOfDefaultPrefix = "default+scope:";

    /// <summary>Begins the names of the policies that <see cref="RequireFreshTokenAttribute"/> stands for.</summary>
    public const string FreshOnTopOfDefaultPrefix = "default+fresh:";

    private const string Prefix = "scope:";

    // A policy's scopes lie in its name: what the framework keeps for an endpoint stays right.
    public bool AllowsCachingPolicies => inner.AllowsCachingPolicies;

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => inner.GetDefaultPolicyAsync();

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => inner.GetFallbackPolicyAsync();

    public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) =>
        policyName.StartsWith(Prefix, StringComparison.Ordinal) ? GetScopePolicyAsync(policyName)
        : policyName.Length > OnTopOfDefaultPrefix.Length && policyName.StartsWith(OnTopOfDefaultPrefix, StringComparison.Ordinal)
            ? GetOnTopOfDefaultAsync(policyName)
        : policyName.StartsWith(FreshOnTopOfDefaultPrefix, StringComparison.Ordinal)
        && int.TryParse(
            policyName.AsSpan(FreshOnTopOfDefaultPrefix.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int seconds
        )
            ? GetFreshOnTopOfDefaultAsync(seconds)
        : StepUpPolicy.Find(policyName) is { } requirement ? GetOnTopOfDefaultAsync(requirement)
        : TenantPolicy.Find(policyName) is { } tenant ? GetOnTopOfDefaultAsync(tenant)
        : inner.GetPolicyAsync(policyName);

    private async Task<AuthorizationPolicy?> GetOnTopOfDefaultAsync(IAuthorizationRequirement requirement) =>
        new AuthorizationPolicyBuilder(await inner.GetDefaultPolicyAsync()).RequireAuthenticatedUser().AddRequirements(requirement).Build();

    private async Task<AuthorizationPolicy?> GetFreshOnTopOfDefaultAsync(int seconds) =>
        new AuthorizationPolicyBuilder(await inner.GetDefaultPolicyAsync())
            .AddRequirements(new FreshTokenRequirement(TimeSpan.FromSeconds(seconds)))
            .Build();

    private async Task<AuthorizationPolicy?> GetOnTopOfDefaultAsync(string policyName) =>
        new AuthorizationPolicyBuilder(await inner.GetDefaultPolicyAsync()).RequireScope(policyName[OnTopOfDefaultPrefix.Length..]).Build();

    private async Task<AuthorizationPolicy?> GetScopePolicyAsync(string policyName)
    {
        if (await inner.GetPolicyAsync(policyName) is { } registered)
            return registered;

        // "scope:" alone names no policy, and the framework says so: it must not let everybody in.
        string scopes = policyName[Prefix.Length..];
        return string.IsNullOrWhiteSpace(scopes)
            ? null
            : new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(ScopeRequirement.All(scopes)).Build();
    }
}
