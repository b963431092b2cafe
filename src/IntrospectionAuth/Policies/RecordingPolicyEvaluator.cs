using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Policies;

/// <summary>
/// The framework's policy evaluator, which also records refusals. It derives, and does not wrap: one object for each request is enough.
/// </summary>
internal sealed class RecordingPolicyEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization)
{
    public override Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy,
        AuthenticateResult authenticationResult,
        HttpContext context,
        object? resource
    ) => DenialRecorder.ObserveAsync(base.AuthorizeAsync(policy, authenticationResult, context, resource), policy, context);
}
