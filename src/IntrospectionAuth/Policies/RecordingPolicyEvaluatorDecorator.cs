using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Policies;

/// <summary>The application's own policy evaluator, with a record of its denials.</summary>
internal sealed class RecordingPolicyEvaluatorDecorator(IPolicyEvaluator inner) : IPolicyEvaluator
{
    public Task<AuthenticateResult> AuthenticateAsync(AuthorizationPolicy policy, HttpContext context) =>
        inner.AuthenticateAsync(policy, context);

    public Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy,
        AuthenticateResult authenticationResult,
        HttpContext context,
        object? resource
    ) => DenialRecorder.ObserveAsync(inner.AuthorizeAsync(policy, authenticationResult, context, resource), policy, context);
}
