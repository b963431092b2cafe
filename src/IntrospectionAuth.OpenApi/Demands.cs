using IntrospectionAuth.Challenge;
using IntrospectionAuth.FreshTokens;
using IntrospectionAuth.Scopes;
using IntrospectionAuth.StepUp;
using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace IntrospectionAuth.OpenApi;

/// <summary>What a policy demands of an access token.</summary>
internal sealed class Demands(AuthorizationPolicy policy)
{
    /// <summary>The requirements of scopes, all of which must be met.</summary>
    public IReadOnlyList<ScopeRequirement> Scopes { get; } = [.. policy.Requirements.Select(ToScopes).OfType<ScopeRequirement>()];

    /// <summary>The sets of scopes, each of which suffices.</summary>
    public IReadOnlyList<IReadOnlyList<string>> ScopeAlternatives => OpenApi.ScopeAlternatives.Of(Scopes);

    /// <summary>How and how recently the user must have authenticated (RFC 9470).</summary>
    public RequiredAuthentication? Authentication { get; } = StepUpAuthorizationHandler.Describe(policy.Requirements);

    /// <summary>The maximum age of the response about the token.</summary>
    public TimeSpan? Freshness { get; } =
        policy.Requirements.OfType<FreshTokenRequirement>().MinBy(static requirement => requirement.MaximumAge)?.MaximumAge;

    public IReadOnlyList<TenantRequirement> Tenants { get; } = [.. policy.Requirements.OfType<TenantRequirement>()];

    /// <summary>
    /// Whether a valid token may be forbidden. A missing step-up is challenged, and a token that is not fresh is introspected again.
    /// </summary>
    public bool MayForbid { get; } =
        policy.Requirements.Any(static it =>
            it is not (DenyAnonymousAuthorizationRequirement or AcrRequirement or RecentAuthenticationRequirement or FreshTokenRequirement)
        );

    /// <summary>Applications may also require scopes by <c>RequireClaim("scope", …)</c>, one of whose values suffices.</summary>
    private static ScopeRequirement? ToScopes(IAuthorizationRequirement requirement) =>
        requirement switch
        {
            ScopeRequirement scopes => scopes,
            ClaimsAuthorizationRequirement claim
                when string.Equals(claim.ClaimType, ScopeAuthorizationHandler.ClaimType, StringComparison.OrdinalIgnoreCase)
                    && claim.AllowedValues?.Where(ScopeToken.IsValid).ToArray() is { Length: > 0 } values => ScopeRequirement.Any(values),
            _ => null,
        };
}
