using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Policies;

/// <summary>Detects that requests are authorized before they are authenticated, which middleware does not reveal at startup.</summary>
internal sealed class MiddlewareOrder(ILogger<MiddlewareOrder> logger)
{
    private int _isLogged;

    /// <summary>Examines a denial. Only one for which a scheme accepts the token is certain to be a mistake.</summary>
    public void Check(HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result, PolicyTokens tokens)
    {
        if (
            result.Challenged
            && policy.AuthenticationSchemes.Count == 0
            && tokens.AcceptedBy.Count > 0
            && context.Features.Get<IAuthenticationFeature>() is null
            && Interlocked.Exchange(ref _isLogged, 1) == 0
        )
        {
            logger.AuthenticationTooLate(tokens.AcceptedBy[0], context.GetEndpoint()?.DisplayName);
        }
    }
}
