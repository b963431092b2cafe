using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Challenge;

/// <summary>Has the last word on a refusal, when every scheme has had its say: only then the status is settled and a body may follow.</summary>
internal sealed class ProblemResultHandler(IAuthorizationMiddlewareResultHandler inner) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded
            ? inner.HandleAsync(next, context, policy, authorizeResult)
            : RefuseAsync(next, context, policy, authorizeResult);

    private async Task RefuseAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        await inner.HandleAsync(next, context, policy, authorizeResult);

        if (context.Features.Get<Refusal>() is { } refusal && !context.Response.HasStarted)
        {
            refusal.Reassert(context.Response);
            refusal.IsSettled = true;
            await ProblemWriter.WriteAsync(context, refusal);
        }
    }
}
