using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp;

/// <summary>One kind of list, such as <c>tools/list</c>: what it had before the SDK removed what the caller may not use.</summary>
/// <typeparam name="TParams">The parameters of the request.</typeparam>
/// <typeparam name="TResult">The list.</typeparam>
/// <typeparam name="TItem">An item of the list.</typeparam>
internal sealed class ListedPrimitives<TParams, TResult, TItem>(
    PrimitivePolicyReader policies,
    Func<TResult, IList<TItem>> itemsOf,
    Func<TItem, IMcpServerPrimitive?> find
)
{
    private const string Key = "IntrospectionAuth.Mcp.Listed";

    public McpRequestHandler<TParams, TResult> Remember(McpRequestHandler<TParams, TResult> next) =>
        async (request, cancellationToken) =>
        {
            TResult result = await next(request, cancellationToken);
            request.Items[Key] = itemsOf(result).ToArray();
            return result;
        };

    public McpRequestHandler<TParams, TResult> Restore(McpRequestHandler<TParams, TResult> next) =>
        async (request, cancellationToken) =>
        {
            TResult result = await next(request, cancellationToken);
            if (request.Items.TryGetValue(Key, out object? all) && request.User is { } user)
                await RestoreAsync(itemsOf(result), (TItem[])all!, user, request);
            return result;
        };

    private async Task RestoreAsync(IList<TItem> listed, TItem[] all, ClaimsPrincipal user, MessageContext request)
    {
        TItem[] visible = [.. listed];
        listed.Clear();
        foreach (TItem item in all)
        {
            if (visible.Contains(item) || await LacksScopeAloneAsync(item, user, request))
                listed.Add(item);
        }
    }

    /// <summary>Whether a token with other scopes could use it. A caller who lacks a role, say, is not shown it.</summary>
    private async Task<bool> LacksScopeAloneAsync(TItem item, ClaimsPrincipal user, MessageContext request)
    {
        if (find(item) is not { } primitive || await policies.ReadAsync(primitive) is not { } policy)
            return false;

        var authorization = request.Services!.GetRequiredService<IAuthorizationService>();
        AuthorizationResult result = await authorization.AuthorizeAsync(user, request, policy);
        return result.Failure is { FailCalled: false } failure
            && failure.FailedRequirements.All(static requirement => requirement is ScopeRequirement);
    }
}
