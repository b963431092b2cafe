using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Authorization;

/// <summary>Finds the request that an authorization is about.</summary>
internal static class AuthorizedRequest
{
    /// <returns>The request that the middleware, code or a filter of MVC passes as resource; null when it is something else, a hub method's call for one.</returns>
    public static HttpContext? Of(AuthorizationHandlerContext context) =>
        context.Resource switch
        {
            HttpContext httpContext => httpContext,
            ActionContext action => action.HttpContext,
            _ => null,
        };
}
