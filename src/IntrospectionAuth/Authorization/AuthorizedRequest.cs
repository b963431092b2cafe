using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Authorization;

/// <summary>Finds the HTTP request of an authorization.</summary>
internal static class AuthorizedRequest
{
    /// <returns>
    /// The request that the middleware, a filter of MVC or the application passes as resource; null for other resources, such as a call of
    /// a hub method.
    /// </returns>
    public static HttpContext? Of(AuthorizationHandlerContext context) =>
        context.Resource switch
        {
            HttpContext httpContext => httpContext,
            ActionContext action => action.HttpContext,
            _ => null,
        };
}
