using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Support;

/// <summary>The application's own result handler, which may call the default one.</summary>
internal class DelegateResultHandler(Func<HttpContext, PolicyAuthorizationResult, RequestDelegate, Func<Task>, Task> handle)
    : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _inner = new();

    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    ) => handle(context, authorizeResult, next, () => _inner.HandleAsync(next, context, policy, authorizeResult));
}
