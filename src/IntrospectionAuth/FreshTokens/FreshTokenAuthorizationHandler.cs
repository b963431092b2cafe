using IntrospectionAuth.Authorization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.FreshTokens;

/// <summary>
/// Decides whether the request was authenticated with the required freshness. Tokens of other schemes, and tokens that were authenticated
/// before routing selected the endpoint, fail.
/// </summary>
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
            && rare.IsDue(scheme: "", nameof(Log.FreshTokenNotVerified), time, out long suppressed)
        )
        {
            logger.FreshTokenNotVerified(suppressed);
        }

        return Task.CompletedTask;
    }
}
