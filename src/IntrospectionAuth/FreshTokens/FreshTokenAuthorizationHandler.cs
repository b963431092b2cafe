using IntrospectionAuth.Authorization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.FreshTokens;

/// <summary>Sees that what an endpoint demands has been done: a token of another scheme, or one looked at before the endpoint was known, is no fresh token.</summary>
internal sealed class FreshTokenAuthorizationHandler(RareMessages rare, TimeProvider time, ILogger<FreshTokenAuthorizationHandler> logger)
    : AuthorizationHandler<FreshTokenRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, FreshTokenRequirement requirement)
    {
        if (
            AuthorizedRequest.Of(context) is { } httpContext
            && httpContext.Features.Get<FreshnessRecord>()?.Covers(httpContext, context.User, requirement.MaximumAge) == true
        )
        {
            context.Succeed(requirement);
        }
        else if (
            context.User.Identities.Any(static identity => identity.IsAuthenticated)
            && rare.IsDue(scheme: "", nameof(Log.FreshTokenNotProved), time, out long suppressed)
        )
        {
            logger.FreshTokenNotProved(suppressed);
        }

        return Task.CompletedTask;
    }
}
