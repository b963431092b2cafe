using IntrospectionAuth.Challenge;
using IntrospectionAuth.StepUp;
using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Policies;

/// <summary>Records the decisions by which the authorization middleware, or a filter of MVC, refuses a request.</summary>
internal static class DenialRecorder
{
    /// <summary>Passes a decision on. One that lets the request in costs a look at it and no memory.</summary>
    public static Task<PolicyAuthorizationResult> ObserveAsync(
        Task<PolicyAuthorizationResult> deciding,
        AuthorizationPolicy policy,
        HttpContext context
    ) => deciding is { IsCompletedSuccessfully: true, Result.Succeeded: true } ? deciding : RecordAsync(deciding, policy, context);

    private static async Task<PolicyAuthorizationResult> RecordAsync(
        Task<PolicyAuthorizationResult> deciding,
        AuthorizationPolicy policy,
        HttpContext context
    )
    {
        PolicyAuthorizationResult result = await deciding;
        if (result.Succeeded)
            return result;

        PolicyTokens tokens = await PolicyTokens.ReadAsync(policy, context);
        IReadOnlyList<string> speakers =
            tokens.Unchecked is { Scheme: { } scheme } ? [scheme]
            : result.Forbidden ? tokens.RejectedBy
            : [];
        IAuthorizationRequirement[] unmet = FindUnmet(policy, result);
        var refused = new AuthorizationDenial
        {
            Endpoint = context.GetEndpoint(),
            Scopes = unmet.Any(static requirement => requirement is ScopeRequirement) ? ScopesOf(policy) : null,
            Authentication = StepUpAuthorizationHandler.Describe([.. unmet.Where(StepUpAuthorizationHandler.IsDemand)]),
            AcceptedBy = tokens.AcceptedBy,
            ChallengingSchemes = speakers,
            Unchecked = tokens.Unchecked,
        };
        context.Features.Set(refused);
        if (refused.Unchecked is not null && !context.Response.HasStarted)
            ChallengeWriter.AssertUnavailableOnStarting(context, refused);

        // Another scheme has authenticated the caller, and would say "forbidden". A policy without schemes would be challenged by the
        // default one, a login page for one.
        return speakers.Count > 0 && (policy.AuthenticationSchemes.Count > 0 || refused.Unchecked is not null)
            ? PolicyAuthorizationResult.Challenge()
            : result;
    }

    /// <summary>
    /// What another token would help with: nothing where a requirement handler calls <c>Fail()</c> (the framework then names nothing), or
    /// where the request is about another tenant.
    /// </summary>
    private static IAuthorizationRequirement[] FindUnmet(AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        if (result.Challenged)
            return [.. policy.Requirements];

        IAuthorizationRequirement[] unmet = [.. result.AuthorizationFailure?.FailedRequirements ?? []];
        return Array.Exists(unmet, static requirement => requirement is TenantRequirement) ? [] : unmet;
    }

    private static string ScopesOf(AuthorizationPolicy policy) =>
        string.Join(
            ' ',
            policy
                .Requirements.OfType<ScopeRequirement>()
                .SelectMany(static requirement => requirement.Scopes)
                .Distinct(StringComparer.Ordinal)
        );
}
