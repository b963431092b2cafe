using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>The options of the tenant that a request is for, in one scheme, and those of other schemes.</summary>
/// <remarks>Every request of a tenant creates one, so it is small. Hardly any application has several schemes with tenants.</remarks>
internal sealed class RequestTenants
{
    private readonly string _scheme;
    private readonly OAuthIntrospectionOptions _options;
    private readonly RequestTenants? _others;
    private bool _isAccepted;

    private RequestTenants(string scheme, OAuthIntrospectionOptions options, RequestTenants? others)
    {
        _scheme = scheme;
        _options = options;
        _others = others;
    }

    public static void Set(HttpContext context, string scheme, OAuthIntrospectionOptions options) =>
        context.Features.Set(new RequestTenants(scheme, options, context.Features.Get<RequestTenants>()));

    /// <summary>Notes that the tenant's token was accepted. Until then the name of the tenant is only what the caller claims.</summary>
    public static void Accept(HttpContext context, string scheme)
    {
        if (FindEntry(context, scheme) is { } tenant)
            tenant._isAccepted = true;
    }

    /// <returns>The options; null when the scheme has no tenants, or the tenant is unknown or not resolved yet.</returns>
    public static OAuthIntrospectionOptions? Find(HttpContext context, string scheme) => FindEntry(context, scheme)?._options;

    /// <returns>The options of the tenant whose token was accepted; null when there is none.</returns>
    public static OAuthIntrospectionOptions? FindAccepted(HttpContext context, string scheme) =>
        FindEntry(context, scheme) is { _isAccepted: true } tenant ? tenant._options : null;

    private static RequestTenants? FindEntry(HttpContext context, string scheme)
    {
        RequestTenants? tenant = context.Features.Get<RequestTenants>();
        while (tenant is not null && tenant._scheme != scheme)
            tenant = tenant._others;
        return tenant;
    }
}
