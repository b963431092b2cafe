using System.Text;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IntrospectionAuth;

/// <summary>The usual places of the name of a tenant, for <see cref="OAuthIntrospectionOptions.ResolveTenant"/>.</summary>
/// <remarks>
/// A caller can send any name, so a name only selects the authorization server that is asked about the token. That server does not know the
/// tokens of other tenants. If tenants share a server, also require the tenant of the token: <c>RequireTenant</c>.
/// </remarks>
public static class OAuthIntrospectionTenantNames
{
    /// <summary>The host of the request, in lower case and without port: <c>acme.example.com</c>.</summary>
    /// <returns>The delegate. An internationalized name is in ASCII: <c>xn--bcher-kva.example.com</c>.</returns>
    public static Func<OAuthIntrospectionTenantRequest, ValueTask<string?>> FromHost() => static request => new(HostOf(request));

    /// <summary>The part of the host before a domain: <c>acme</c> of <c>acme.example.com</c>.</summary>
    /// <param name="domain">The domain, such as <c>example.com</c>.</param>
    /// <returns>The delegate. A host with several labels before the domain has no tenant.</returns>
    /// <exception cref="ArgumentException"><paramref name="domain"/> is null or empty.</exception>
    public static Func<OAuthIntrospectionTenantRequest, ValueTask<string?>> FromSubdomain(string domain)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        string suffix = "." + new HostString(domain).ToUriComponent().ToLowerInvariant();
        return request =>
        {
            string host = HostOf(request);
            string? name = host.EndsWith(suffix, StringComparison.Ordinal) ? host[..^suffix.Length] : null;
            return new(name?.Contains('.', StringComparison.Ordinal) == true ? null : name);
        };
    }

    /// <summary>A route value, as routing has decoded it. Routing must come before authentication.</summary>
    /// <param name="routeValue">The name of the route value.</param>
    /// <returns>
    /// The delegate. For the metadata of a resource, name the route value in
    /// <c>MapProtectedResourceMetadata("/workspaces/{workspace}")</c>.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="routeValue"/> is null or empty.</exception>
    public static Func<OAuthIntrospectionTenantRequest, ValueTask<string?>> FromRouteValue(string routeValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(routeValue);
        return request => new(request.HttpContext.GetRouteValue(routeValue) as string);
    }

    /// <summary>The path base without its first slash: <c>acme</c> after <c>app.UsePathBase("/acme")</c>.</summary>
    /// <returns>
    /// The delegate. For the metadata of a resource (RFC 9728), it is the path of the resource: <c>acme</c> of
    /// <c>https://api.example.com/acme</c>.
    /// </returns>
    public static Func<OAuthIntrospectionTenantRequest, ValueTask<string?>> FromPathBase() =>
        static request =>
        {
            PathString pathBase = request.HttpContext.Request.PathBase;
            return new((request.IsForMetadata ? request.Path : pathBase).Value is { Length: > 1 } path ? path[1..] : null);
        };

    /// <summary>A header of the request. Several values are no tenant.</summary>
    /// <param name="header">The name of the header.</param>
    /// <returns>The delegate.</returns>
    /// <exception cref="ArgumentException"><paramref name="header"/> is null or empty.</exception>
    public static Func<OAuthIntrospectionTenantRequest, ValueTask<string?>> FromHeader(string header)
    {
        ArgumentException.ThrowIfNullOrEmpty(header);
        return request => new(request.HttpContext.Request.Headers[header] is { Count: 1 } value ? value[0] : null);
    }

    /// <summary>The part of the token before a separator: <c>acme</c> of <c>acme_5f0c</c>.</summary>
    /// <param name="separator">The separator.</param>
    /// <returns>The delegate. A token without the separator has no tenant.</returns>
    public static Func<OAuthIntrospectionTenantRequest, ValueTask<string?>> FromTokenPrefix(char separator) =>
        request =>
        {
            int end = request.Token?.IndexOf(separator, StringComparison.Ordinal) ?? -1;
            return new(end > 0 ? request.Token![..end] : null);
        };

    /// <summary>A claim of a token that is a JWT, such as <c>iss</c>. Its signature is not verified.</summary>
    /// <param name="claim">The name of the claim.</param>
    /// <returns>The delegate. A token that is no JWT, or has no such text, has no tenant.</returns>
    /// <exception cref="ArgumentException"><paramref name="claim"/> is null or empty.</exception>
    public static Func<OAuthIntrospectionTenantRequest, ValueTask<string?>> FromTokenClaim(string claim)
    {
        ArgumentException.ThrowIfNullOrEmpty(claim);
        byte[] name = Encoding.UTF8.GetBytes(claim);
        return request => new(request.Token is { } token ? UnverifiedJwtReader.ReadClaim(token, name) : null);
    }

    /// <summary>Request.Host decodes the header and may throw, so the header itself is read.</summary>
    private static string HostOf(OAuthIntrospectionTenantRequest request) =>
        new HostString(request.HttpContext.Request.Headers.Host.ToString()).Host.ToLowerInvariant();
}
