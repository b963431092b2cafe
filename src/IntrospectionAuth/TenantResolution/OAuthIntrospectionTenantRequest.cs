using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>A request whose tenant is to be found.</summary>
public sealed class OAuthIntrospectionTenantRequest
{
    private readonly RequestToken _token;

    internal OAuthIntrospectionTenantRequest(HttpContext httpContext, RequestToken token)
    {
        HttpContext = httpContext;
        _token = token;
    }

    /// <summary>Gets the request. Its route values exist if routing comes before authentication.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>Gets the path of what is requested, with the path base.</summary>
    /// <value>
    /// The path of the request; for a request for the metadata of a resource (RFC 9728), the path of the resource:
    /// <c>/workspaces/acme</c> of <c>/.well-known/oauth-protected-resource/workspaces/acme</c>.
    /// </value>
    public PathString Path => FindResource(out PathString resource) ? resource : HttpContext.Request.PathBase + HttpContext.Request.Path;

    /// <summary>Gets the access token, about which nothing is known yet.</summary>
    /// <value><see langword="null"/> if the request has none, or a malformed one.</value>
    public string? Token => field ??= _token.Value.HasValue ? _token.Value.ToString() : null;

    /// <summary>Whether the request is for the metadata of a resource.</summary>
    internal bool IsForMetadata => FindResource(out _);

    private bool FindResource(out PathString resource) =>
        HttpContext.Request.Path.StartsWithSegments(
            OAuthIntrospectionDefaults.ResourceMetadataPath,
            StringComparison.OrdinalIgnoreCase, // like routes
            out resource
        );
}
