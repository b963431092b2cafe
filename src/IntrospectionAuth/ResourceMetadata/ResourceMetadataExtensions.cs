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
    /// <returns>The endpoint, for CORS and rate limits.</returns>
    /// <remarks>
    /// One call serves every introspection scheme that has a <see cref="OAuthIntrospectionOptions.Resource"/>. Other paths yield 404. The
    /// endpoint handles GET and HEAD, allows anonymous callers even with a fallback policy, and may be cached for 5 minutes.
    /// </remarks>
    public static IEndpointConventionBuilder MapProtectedResourceMetadata(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        var endpoint = new MetadataEndpoint(new EndpointScopes(endpoints.ServiceProvider.GetRequiredService<EndpointDataSource>()));
        return endpoints
            .MapMethods(MetadataUrl.WellKnownPath + "/{**path}", [HttpMethods.Get, HttpMethods.Head], endpoint.HandleAsync)
            .AllowAnonymous()
            .WithDisplayName("Protected resource metadata")
            .WithMetadata(endpoint)
            .ExcludeFromDescription();
    }
}
