using IntrospectionAuth.Challenge;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.StepUp;
using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Policies;

/// <summary>Records the denials of the authorization middleware and of MVC's filters.</summary>
internal static class DenialRecorder
{
    /// <summary>Returns the decision, and records it when it denies the request. A decision that allows it allocates nothing.</summary>
    public static Task<PolicyAuthorizationResult> ObserveAsync(
        Task<PolicyAuthorizationResult> decision,
        AuthorizationPolicy policy,
        HttpContext context
    ) => decision is { IsCompletedSuccessfully: true, Result.Succeeded: true } ? decision : RecordAsync(decision, policy, context);

    private static async Task<PolicyAuthorizationResult> RecordAsync(
        Task<PolicyAuthorizationResult> decision,
        AuthorizationPolicy policy,
        HttpContext context
    )
    {
        PolicyAuthorizationResult result = await decision;
        if (result.Succeeded)
            return result;

        PolicyTokens tokens = await PolicyTokens.ReadAsync(policy, context);
        context.RequestServices.GetRequiredService<MiddlewareOrder>().Check(context, policy, result, tokens);
        IReadOnlyList<string> challengingSchemes =
            tokens.Unavailable is { Scheme: { } scheme } ? [scheme]
            : result.Forbidden ? tokens.RejectedBy
            : [];
        PolicyDecision? refusal =
            challengingSchemes.Count == 0 && result.Forbidden && tokens.AcceptedBy.Count > 0
                ? Record(policy, result, tokens.AcceptedBy, context)
                : null;
        IAuthorizationRequirement[] unmet = FindUnmet(policy, result);
        context.Features.Set(
            new AuthorizationDenial
            {
                Endpoint = context.GetEndpoint(),
                Scopes = unmet.Any(static requirement => requirement is ScopeRequirement) ? ScopesOf(policy) : null,
                Authentication = StepUpAuthorizationHandler.Describe(unmet),
                Explanation = refusal?.Explanation,
                AcceptedBy = tokens.AcceptedBy,
                ChallengingSchemes = challengingSchemes,
                Unavailable = tokens.Unavailable,
            }
        );
        if (tokens.Unavailable is not null && !context.Response.HasStarted)
            ChallengePrecedence.EnforceOnStarting(context);

        // Another scheme authenticated the caller and would forbid the request. For a policy without schemes, the framework would challenge
        // by the default scheme, which may be a login page.
        return challengingSchemes.Count > 0 && (policy.AuthenticationSchemes.Count > 0 || tokens.Unavailable is not null)
            ? PolicyAuthorizationResult.Challenge()
            : result;
    }

    /// <returns>Why the policy refused the accepted token; null unless the caller may read it.</returns>
    private static PolicyDecision? Record(
        AuthorizationPolicy policy,
        PolicyAuthorizationResult result,
        IReadOnlyList<string> schemes,
        HttpContext context
    )
    {
        if (context.RequestServices.GetService<DecisionRecorder>() is not { } recorder)
            return null;

        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        var decision = new PolicyDecision
        {
            Names = RequirementChecks.NamesOf(context),
            Requirements = RequirementChecks.Of(policy, result.AuthorizationFailure, context.User, time.GetUtcNow()),
            Remedy = RequirementChecks.FindRemedy(result.AuthorizationFailure),
        };
        var logger = context.RequestServices.GetRequiredService<ILogger<OAuthIntrospectionHandler>>();
        recorder.Record(logger, context, schemes, decision, time);
        return recorder.MayBeSent ? decision : null;
    }

    /// <summary>
    /// The requirements that another token could meet. There are none when a requirement handler calls <c>Fail()</c>, because the framework
    /// then names none, and when the request is about another tenant.
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
