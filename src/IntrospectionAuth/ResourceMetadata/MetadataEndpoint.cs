using IntrospectionAuth.Outcomes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.ResourceMetadata;

/// <summary>Serves protected resource metadata from the current options.</summary>
internal sealed class MetadataEndpoint(EndpointScopes scopes)
{
    // Long enough to reduce the load of many clients, short enough to correct a mistake soon.
    private const string CacheControl = "public, max-age=300";

    // The tenant may depend on a header, which caches would not compare, also if this tenant has no metadata here.
    private const string CacheControlWithTenants = "no-store";

    public async Task HandleAsync(HttpContext context)
    {
        (IReadOnlyList<ProtectingScheme> protecting, bool dependOnTenant, Unavailability? unavailability) =
            await ProtectingSchemes.FindAsync(context);
        if (protecting.Count == 0)
        {
            Refuse(context.Response, dependOnTenant, unavailability);
            return;
        }

        var collected = new List<string>();
        foreach (ProtectingScheme scheme in protecting.Where(static scheme => scheme.Options.ResourceMetadata.CollectScopes))
            collected.AddRange(await scopes.OfAsync(scheme.Name, context.RequestServices));

        ReadOnlyMemory<byte> body = MetadataWriter.Write([.. protecting.Select(static scheme => scheme.Options)], collected);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers[HeaderNames.CacheControl] = dependOnTenant ? CacheControlWithTenants : CacheControl;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>There is no such metadata; or it is not known now, because the tenant cannot be resolved.</summary>
    private static void Refuse(HttpResponse response, bool dependOnTenant, Unavailability? unavailability)
    {
        response.StatusCode = unavailability is null ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable;
        if (dependOnTenant)
            response.Headers[HeaderNames.CacheControl] = CacheControlWithTenants;
        if (unavailability is not null)
            RetryAfterHeader.Set(response, unavailability.RetryAfter);
    }
}
