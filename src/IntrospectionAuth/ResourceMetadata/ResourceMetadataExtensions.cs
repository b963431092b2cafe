using System.Diagnostics.CodeAnalysis;
using IntrospectionAuth;
using IntrospectionAuth.ResourceMetadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the protected resource metadata of an API (RFC 9728).</summary>
public static class ResourceMetadataExtensions
{
    /// <summary>
    /// Maps <c>/.well-known/oauth-protected-resource</c> and, for resources with a path, the paths below it (RFC 9728, section 3).
    /// </summary>
    /// <param name="endpoints">The application. Do not use a group with a prefix: clients would not find the metadata there.</param>
    /// <param name="resourcePattern">
    /// The pattern of the paths of resources. The default is every path. <c>/workspaces/{workspace}</c>, for example, gives the request the
    /// route value by which <see cref="OAuthIntrospectionOptions.ResolveTenant"/> finds its tenant.
    /// </param>
    /// <returns>The endpoint, for CORS and rate limits.</returns>
    /// <remarks>
    /// <para>
    /// One call serves every introspection scheme that has a <see cref="OAuthIntrospectionOptions.Resource"/>. Other paths yield 404. The
    /// endpoint handles GET and HEAD, allows anonymous callers even with a fallback policy, and may be cached for 5 minutes.
    /// </para>
    /// <para>
    /// If a scheme has tenants, the metadata is that of the tenant of the request, which has no token. A request without a tenant gets the
    /// metadata of the scheme.
    /// </para>
    /// </remarks>
    public static IEndpointConventionBuilder MapProtectedResourceMetadata(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string resourcePattern = "/{**path}"
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(resourcePattern);

        var endpoint = new MetadataEndpoint(new EndpointScopes(endpoints.ServiceProvider.GetRequiredService<EndpointDataSource>()));
        return endpoints
            .MapMethods(
                $"{OAuthIntrospectionDefaults.ResourceMetadataPath}/{resourcePattern.TrimStart('/')}",
                [HttpMethods.Get, HttpMethods.Head],
                endpoint.HandleAsync
            )
            .AllowAnonymous()
            .WithDisplayName("Protected resource metadata")
            .WithMetadata(endpoint)
            .ExcludeFromDescription();
    }
}
