using IntrospectionAuth.Mcp;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Enforces the policies of MCP tools, prompts and resources on the endpoints of an MCP server.</summary>
public static class ToolAuthorizationExtensions
{
    /// <summary>
    /// Denies calls of tools, prompts and resources like requests to endpoints: with status 401, 403 or 503, before the response begins.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the endpoints.</typeparam>
    /// <param name="builder">The endpoints that <c>MapMcp</c> returned.</param>
    /// <returns>The endpoints.</returns>
    /// <remarks>
    /// <para>
    /// A tool is authorized as an endpoint of a group is: by the policy of the endpoint and that of the tool together. A caller who lacks a
    /// scope gets 403 <c>insufficient_scope</c>. The challenge names the scopes of both policies, and those scopes of the caller's token
    /// that other tools require, so that the next token can call all of them.
    /// </para>
    /// <para>
    /// The body of a message is held in memory and read twice, by the SDK's own reader. It may be as large as
    /// <c>KestrelServerLimits.MaxRequestBodySize</c>, or the <c>RequestSizeLimit</c> of the endpoint, allows.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// At startup: <see cref="OAuthIntrospectionMcpExtensions.AddToolAuthorization"/> was not called.
    /// </exception>
    public static TBuilder RequireToolAuthorization<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.Finally(static endpoint =>
        {
            if (endpoint.Metadata.OfType<ToolAuthorizationMetadata>().Any() || endpoint.RequestDelegate is not { } next)
                return;

            McpPrimitives primitives =
                endpoint.ApplicationServices.GetService<McpPrimitives>()
                ?? throw new InvalidOperationException(
                    "RequireToolAuthorization needs services. Call builder.Services.AddMcpServer().AddToolAuthorization()."
                );
            endpoint.Metadata.Add(new ToolAuthorizationMetadata());
            endpoint.RequestDelegate = new ToolAuthorizer(next, primitives).InvokeAsync;
        });
        return builder;
    }
}
