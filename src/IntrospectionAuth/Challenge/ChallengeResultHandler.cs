using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Challenge;

/// <summary>Has the last word on a refusal, when every scheme has had its say: only then the status is settled and a body may follow.</summary>
internal sealed class ChallengeResultHandler(IAuthorizationMiddlewareResultHandler inner) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    ) =>
        authorizeResult.Succeeded
            ? inner.HandleAsync(next, context, policy, authorizeResult)
            : RefuseAsync(next, context, policy, authorizeResult);

    private async Task RefuseAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        // Where it is about a token that was not accepted, other schemes have nothing to add: no login page, no "forbidden".
        AuthorizationDenial? refused = AuthorizationDenial.Of(context);
        if (refused is { ChallengingSchemes.Count: > 0 })
        {
            await inner.HandleAsync(
                LetIn,
                context,
                new AuthorizationPolicy(policy.Requirements, refused.ChallengingSchemes),
                PolicyAuthorizationResult.Challenge()
            );
        }
        else
        {
            await inner.HandleAsync(next, context, policy, authorizeResult);
        }

        if (refused is not null && !context.Response.HasStarted)
            ChallengeWriter.AssertUnavailable(context, refused);

        if (context.Features.Get<WrittenChallenge>() is { } refusal && !context.Response.HasStarted)
        {
            refusal.Reassert(context.Response);
            refusal.IsSettled = true;
            await ProblemWriter.WriteAsync(context, refusal);
        }

        // The application's own handler may let the request in all the same; the endpoint then says what it wants.
        Task LetIn(HttpContext letIn)
        {
            refused.IsUnavailabilityWritten = true;
            return next(letIn);
        }
    }
}
