using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>The options of the tenants that a request is for, by scheme.</summary>
internal sealed class RequestTenants
{
    private readonly Dictionary<string, OAuthIntrospectionOptions> _options = new(StringComparer.Ordinal);

    public static void Set(HttpContext context, string scheme, OAuthIntrospectionOptions options)
    {
        if (context.Features.Get<RequestTenants>() is not { } tenants)
            context.Features.Set(tenants = new RequestTenants());
        tenants._options[scheme] = options;
    }

    /// <returns>The options; null when the scheme has no tenants, or the tenant is unknown or not resolved yet.</returns>
    public static OAuthIntrospectionOptions? Find(HttpContext context, string scheme) =>
        context.Features.Get<RequestTenants>()?._options.GetValueOrDefault(scheme);
}
