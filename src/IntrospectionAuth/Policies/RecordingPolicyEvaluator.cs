using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Policies;

/// <summary>The framework's policy evaluator, with a record of its denials.</summary>
/// <remarks>It is derived rather than a decorator, because the framework creates one for each request.</remarks>
internal sealed class RecordingPolicyEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization)
{
    public override Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy,
        AuthenticateResult authenticationResult,
        HttpContext context,
        object? resource
    ) => DenialRecorder.ObserveAsync(base.AuthorizeAsync(policy, authenticationResult, context, resource), policy, context);
}
