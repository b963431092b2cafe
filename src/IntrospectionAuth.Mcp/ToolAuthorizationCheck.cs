using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp;

/// <summary>Stops an application whose tools would not be authorized as it says, once its endpoints are known.</summary>
internal sealed class ToolAuthorizationCheck(IServiceScopeFactory scopes, McpPrimitives primitives) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        Endpoint[] endpoints =
        [
            .. (scope.ServiceProvider.GetService<EndpointDataSource>()?.Endpoints ?? []).Where(static endpoint =>
                endpoint.Metadata.GetMetadata<ToolAuthorizationMetadata>() is not null
            ),
        ];
        if (endpoints.Length == 0)
        {
            throw new InvalidOperationException(
                "AddToolAuthorization was called, but no endpoint requires it, so a caller who lacks a scope would get status 200 and no "
                    + "challenge. Call app.MapMcp().RequireToolAuthorization()."
            );
        }

        foreach (IMcpServerPrimitive primitive in primitives.All)
            await CheckPolicyAsync(primitive);
        foreach (Endpoint endpoint in endpoints)
            await CheckSchemesAsync(endpoint, scope.ServiceProvider);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CheckPolicyAsync(IMcpServerPrimitive primitive)
    {
        try
        {
            await primitives.Policies.ReadAsync(primitive);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"The policy of \"{primitive.Id}\" does not exist. {exception.Message}", exception);
        }
    }

    /// <summary>AddMcp has no tokens of its own to read: it forwards to the scheme "Bearer" by default.</summary>
    private async Task CheckSchemesAsync(Endpoint endpoint, IServiceProvider services)
    {
        if (await primitives.Policies.ReadAsync(endpoint) is not { } policy)
            return;

        var schemes = services.GetRequiredService<IAuthenticationSchemeProvider>();
        string? name = policy.AuthenticationSchemes.Count > 0 ? policy.AuthenticationSchemes[0] : null;
        AuthenticationScheme? scheme = await (name is null ? schemes.GetDefaultAuthenticateSchemeAsync() : schemes.GetSchemeAsync(name));
        if (scheme?.HandlerType != typeof(McpAuthenticationHandler))
            return;

        McpAuthenticationOptions options = services.GetRequiredService<IOptionsMonitor<McpAuthenticationOptions>>().Get(scheme.Name);
        if (
            options.ForwardDefaultSelector is null
            && ((options.ForwardAuthenticate ?? options.ForwardDefault) is not { } target || await schemes.GetSchemeAsync(target) is null)
        )
        {
            throw new InvalidOperationException(
                $"The scheme {scheme.Name} (AddMcp) cannot authenticate requests to {endpoint.DisplayName}: it forwards them to the scheme "
                    + $"\"{options.ForwardAuthenticate}\", which is not registered. Leave AddMcp out, or name the scheme that reads "
                    + $"tokens: AddMcp(options => options.ForwardAuthenticate = \"{OAuthIntrospectionDefaults.AuthenticationScheme}\")."
            );
        }
    }
}
