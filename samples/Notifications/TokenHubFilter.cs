using IntrospectionAuth;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.SignalR;

namespace Notifications;

/// <summary>Checks the token of a connection again at each call, because a connection may outlive its token.</summary>
/// <param name="introspector">Introspects tokens outside a request.</param>
public sealed class TokenHubFilter(OAuthIntrospector introspector) : IHubFilter
{
    private const string Token = "access_token";

    /// <summary>Keeps the token that opened the connection; <c>SaveToken</c> in appsettings.json makes it available.</summary>
    /// <param name="context">The connection.</param>
    /// <param name="next">The next step when a connection opens.</param>
    /// <returns>A task that completes when the connection is open.</returns>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        context.Context.Items[Token] = await context.Context.GetHttpContext()!.GetTokenAsync(Token);
        await next(context);
    }

    /// <summary>Runs a hub method if the token is still accepted; otherwise closes the connection.</summary>
    /// <param name="invocationContext">The call.</param>
    /// <param name="next">The hub method.</param>
    /// <returns>The result of the hub method.</returns>
    /// <exception cref="HubException">The token is no longer accepted, or cannot be checked at the moment.</exception>
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        HubCallerContext caller = invocationContext.Context;
        OAuthIntrospectionResult result = await introspector.IntrospectAsync(
            (string)caller.Items[Token]!, cancellationToken: caller.ConnectionAborted);
        if (result.Succeeded)
            return await next(invocationContext);
        if (result.Failure == OAuthIntrospectionFailure.Unavailable)
            throw new HubException("The access token cannot be checked at the moment. Try again.");

        caller.Abort();
        throw new HubException("The access token is no longer accepted.");
    }
}
