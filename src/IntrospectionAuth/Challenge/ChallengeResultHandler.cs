using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Challenge;

/// <summary>Completes a denial after every scheme has written its challenge: only then is the status final and a body possible.</summary>
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
            : DenyAsync(next, context, policy, authorizeResult);

    private async Task DenyAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        // When a token was not accepted, only its scheme challenges: another scheme would redirect to a login page or forbid the request.
        AuthorizationDenial? denial = AuthorizationDenial.Of(context);
        if (denial is { ChallengingSchemes.Count: > 0 })
        {
            await inner.HandleAsync(
                ContinueAsync,
                context,
                new AuthorizationPolicy(policy.Requirements, denial.ChallengingSchemes),
                PolicyAuthorizationResult.Challenge()
            );
        }
        else
        {
            await inner.HandleAsync(next, context, policy, authorizeResult);
        }

        if (context.Response.HasStarted)
            return;

        ChallengePrecedence.Enforce(context);
        if (context.Features.Get<WrittenChallenge>() is { } challenge)
        {
            challenge.IsFinal = true;
            await ProblemWriter.WriteAsync(context, challenge);
        }

        // The application's own result handler may still run the endpoint, which then determines the status itself.
        Task ContinueAsync(HttpContext continued)
        {
            denial.IsUnavailabilityWritten = true;
            return next(continued);
        }
    }
}
