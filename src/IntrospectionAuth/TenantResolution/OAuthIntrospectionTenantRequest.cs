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

    /// <summary>Gets the access token, about which nothing is known yet.</summary>
    /// <value><see langword="null"/> if the request has none, or a malformed one.</value>
    public string? Token => field ??= _token.Value.HasValue ? _token.Value.ToString() : null;
}
