using IntrospectionAuth;
using IntrospectionAuth.ResourceMetadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the protected resource metadata of an API (RFC 9728).</summary>
public static class ResourceMetadataExtensions
{
    /// <summary>Maps <c>/.well-known/oauth-protected-resource</c> and, for resources with a path, what begins with it (RFC 9728, section 3).</summary>
    /// <param name="endpoints">The application. A group with a prefix would put the metadata where no client looks.</param>
    /// <returns>The endpoint, for CORS and rate limits.</returns>
    /// <remarks>
    /// One call serves every introspection scheme that has a <see cref="OAuthIntrospectionOptions.Resource"/>; elsewhere, and without one, the answer is 404. It takes GET and HEAD,
    /// needs no token whatever the fallback policy says, and may be cached for 5 minutes.
    /// </remarks>
    public static IEndpointConventionBuilder MapProtectedResourceMetadata(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        var endpoint = new MetadataEndpoint(new EndpointScopes(endpoints.ServiceProvider.GetRequiredService<EndpointDataSource>()));
        return endpoints
            .MapMethods(MetadataUrl.WellKnownPath + "/{**path}", [HttpMethods.Get, HttpMethods.Head], endpoint.HandleAsync)
            .AllowAnonymous()
            .WithDisplayName("Protected resource metadata")
            .ExcludeFromDescription();
    }
}
