using IntrospectionAuth.Mcp;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;
using ModelContextProtocol.Server;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that enforce the policies of MCP tools, prompts and resources.</summary>
public static class OAuthIntrospectionMcpExtensions
{
    /// <summary>
    /// Enforces <c>[Authorize]</c>, <c>[RequireScope]</c> and other authorization attributes of tools, prompts and resources.
    /// </summary>
    /// <param name="builder">The MCP server.</param>
    /// <returns>The MCP server.</returns>
    /// <remarks>
    /// <para>
    /// Call <see cref="ToolAuthorizationExtensions.RequireToolAuthorization{TBuilder}"/> on the endpoint too: it denies a call by an HTTP
    /// status and a challenge that names the required scopes (RFC 6750, section 3.1). Without it, the application does not start.
    /// </para>
    /// <para>
    /// This includes <c>AddAuthorizationFilters</c> of the SDK, which denies every call again within the MCP server. Lists keep the tools,
    /// prompts and resources for which an authenticated caller lacks nothing but a scope, so that clients can request it. To hide them too,
    /// call <c>AddAuthorizationFilters</c> as well.
    /// </para>
    /// <para>
    /// If <c>AddMcp</c> of the SDK is registered, before or after, the scheme that authenticates requests also forbids them, because the
    /// SDK's own 403 names no scope.
    /// </para>
    /// </remarks>
    public static IMcpServerBuilder AddToolAuthorization(this IMcpServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        if (services.Any(static service => service.ServiceType == typeof(McpPrimitives)))
            return builder;

        services.AddAuthorization();
        services.AddSingleton<PrimitivePolicyReader>();
        services.AddSingleton<McpPrimitives>();

        // The filters of the SDK run between these two. Those of the application run before or after all three.
        services.AddTransient<IConfigureOptions<McpServerOptions>, RestoreListed>();
        builder.AddAuthorizationFilters();
        services.AddTransient<IConfigureOptions<McpServerOptions>, RememberListed>();

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<McpAuthenticationOptions>, ForwardForbidden>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ToolAuthorizationCheck>());
        return builder;
    }
}
