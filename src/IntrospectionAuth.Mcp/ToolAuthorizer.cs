using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp;

/// <summary>Authorizes the tool, prompt or resource that a message calls, before the MCP server begins its response.</summary>
/// <remarks>
/// It is responsible for the status of the response, not for the protection alone: the filters of the SDK evaluate the policy again, where
/// the tool runs. So a message that this class understood otherwise than the SDK would be denied there.
/// </remarks>
internal sealed class ToolAuthorizer(RequestDelegate next, McpPrimitives primitives)
{
    public async Task InvokeAsync(HttpContext context)
    {
        IMcpServerPrimitive? primitive = await RequestedPrimitive.FindAsync(context, primitives.Server);
        AuthorizationPolicy? policy = primitive is null ? null : await primitives.Policies.ReadAsync(primitive);
        if (policy is null)
        {
            await next(context);
            return;
        }

        if (await primitives.Policies.ReadAsync(context.GetEndpoint()) is { } policyOfEndpoint)
            policy = AuthorizationPolicy.Combine(policyOfEndpoint, policy);

        var evaluator = context.RequestServices.GetRequiredService<IPolicyEvaluator>();
        AuthenticateResult authentication = await evaluator.AuthenticateAsync(policy, context);
        var authorization = context.RequestServices.GetRequiredService<IAuthorizationService>();
        if ((await authorization.AuthorizeAsync(context.User, context, policy)).Succeeded)
        {
            await next(context);
            return;
        }

        policy = await AddGrantedScopesAsync(policy, context.User, authorization);
        PolicyAuthorizationResult result = await evaluator.AuthorizeAsync(policy, authentication, context, context);
        await context
            .RequestServices.GetRequiredService<IAuthorizationMiddlewareResultHandler>()
            .HandleAsync(next, context, policy, result);
    }

    /// <summary>
    /// Adds scopes that the token has and that something on this server requires. They are met, so the decision is the same. The challenge
    /// names them, so that a client which requests exactly these scopes does not lose them.
    /// </summary>
    private async Task<AuthorizationPolicy> AddGrantedScopesAsync(
        AuthorizationPolicy policy,
        ClaimsPrincipal user,
        IAuthorizationService authorization
    )
    {
        List<string> granted = [];
        foreach (string scope in await primitives.FindScopesAsync())
        {
            if ((await authorization.AuthorizeAsync(user, resource: null, ScopeRequirement.All(scope))).Succeeded)
                granted.Add(scope);
        }

        return granted.Count == 0 ? policy : new AuthorizationPolicyBuilder(policy).AddRequirements(ScopeRequirement.All(granted)).Build();
    }
}
