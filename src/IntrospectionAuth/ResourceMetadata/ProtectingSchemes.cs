using IntrospectionAuth.Outcomes;
using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.ResourceMetadata;

/// <summary>Finds the schemes of the resource whose metadata has the requested URL. Several schemes may protect one resource.</summary>
internal static class ProtectingSchemes
{
    /// <returns>
    /// The schemes; whether another tenant may have others; and, if the tenant of a scheme cannot be resolved, why.
    /// </returns>
    public static async Task<(IReadOnlyList<ProtectingScheme> Schemes, bool DependOnTenant, Unavailability? Unavailability)> FindAsync(
        HttpContext context
    )
    {
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        var options = context.RequestServices.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>();

        var candidates = new List<ProtectingScheme>();
        bool dependOnTenant = false;
        Unavailability? unavailability = null;
        foreach (AuthenticationScheme scheme in await schemes.GetIntrospectionSchemesAsync())
        {
            if (options.Find(scheme.Name, out _) is not { } ofScheme)
                continue; // it accepts no token, and the resources of the others have metadata nevertheless
            OAuthIntrospectionOptions? current = ofScheme;
            if (ofScheme.ResolvesTenants)
            {
                dependOnTenant = true;
                (current, Unavailability? fault) = await FindOptionsOfTenantAsync(context, scheme.Name, ofScheme);
                unavailability ??= fault;
            }

            if (current is null)
                continue;
            var candidate = new ProtectingScheme(scheme.Name, current);
            if (candidate.HasMetadataAt(context.Request))
                candidates.Add(candidate);
        }

        return (candidates.Count < 2 ? candidates : OfOneResource(candidates, context.Request), dependOnTenant, unavailability);
    }

    /// <returns>The options of the tenant, or of the scheme if the request has none; or why the tenant is not known.</returns>
    private static async Task<(OAuthIntrospectionOptions? Options, Unavailability? Unavailability)> FindOptionsOfTenantAsync(
        HttpContext context,
        string scheme,
        OAuthIntrospectionOptions ofScheme
    )
    {
        TenantResult result = await context
            .RequestServices.GetRequiredService<SchemeTenants>()
            .FindAsync(scheme, ofScheme, new OAuthIntrospectionTenantRequest(context, RequestToken.None), context.RequestAborted);
        using (result.Tenant)
        {
            return result.Unavailability is { } unavailability
                ? (null, unavailability)
                : (result.Services?.TenantOptions ?? ofScheme, null);
        }
    }

    /// <summary>
    /// Resources of several hosts may share a path. The host of the request selects a configured resource and is never written. The raw
    /// header is compared, because Request.Host decodes it and throws when it cannot.
    /// </summary>
    private static ProtectingScheme[] OfOneResource(List<ProtectingScheme> candidates, HttpRequest request)
    {
        string host = request.Headers.Host.ToString();
        string? resource = candidates
            .OrderByDescending(scheme => string.Equals(host, scheme.Url!.Authority, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(static scheme => scheme.Url!.Query.Length)
            .First()
            .Options.Resource;
        return [.. candidates.Where(scheme => scheme.Options.Resource == resource)];
    }
}
