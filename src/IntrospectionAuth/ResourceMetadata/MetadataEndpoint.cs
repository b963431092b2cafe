using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.ResourceMetadata;

/// <summary>Serves protected resource metadata from the current options.</summary>
internal sealed class MetadataEndpoint(EndpointScopes scopes)
{
    // Long enough to reduce the load of many clients, short enough to correct a mistake soon.
    private const string CacheControl = "public, max-age=300";

    public async Task HandleAsync(HttpContext context)
    {
        ProtectingScheme[] protecting = await FindAsync(context);
        if (protecting.Length == 0)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var collected = new List<string>();
        foreach (ProtectingScheme scheme in protecting.Where(static scheme => scheme.Options.ResourceMetadata.CollectScopes))
            collected.AddRange(await scopes.OfAsync(scheme.Name, context.RequestServices));

        ReadOnlyMemory<byte> body = MetadataWriter.Write([.. protecting.Select(static scheme => scheme.Options)], collected);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers[HeaderNames.CacheControl] = CacheControl;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Finds the schemes of the resource whose metadata has the requested URL. Several schemes may protect one resource.</summary>
    private static async Task<ProtectingScheme[]> FindAsync(HttpContext context)
    {
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        var options = context.RequestServices.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>();

        ProtectingScheme[] candidates =
        [
            .. (await schemes.GetIntrospectionSchemesAsync())
                .Select(scheme => new ProtectingScheme(scheme.Name, options.Get(scheme.Name)))
                .Where(scheme => scheme.HasMetadataAt(context.Request)),
        ];
        if (candidates.Length < 2)
            return candidates;

        // Resources of several hosts may share a path. The host of the request selects a configured resource and is never written. The raw
        // header is compared, because Request.Host decodes it and throws when it cannot.
        string host = context.Request.Headers.Host.ToString();
        string? resource = candidates
            .OrderByDescending(scheme => string.Equals(host, scheme.Url!.Authority, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(static scheme => scheme.Url!.Query.Length)
            .First()
            .Options.Resource;
        return [.. candidates.Where(scheme => scheme.Options.Resource == resource)];
    }

    private sealed class ProtectingScheme(string name, OAuthIntrospectionOptions options)
    {
        public string Name => name;

        public OAuthIntrospectionOptions Options => options;

        public Uri? Url { get; } = options.Resource is { } resource ? new Uri(MetadataUrl.Of(resource)) : null;

        public bool HasMetadataAt(HttpRequest request) =>
            Url is not null
            && string.Equals(PathString.FromUriComponent(Url).Value, request.Path.Value, StringComparison.Ordinal)
            && (Url.Query.Length == 0 || string.Equals(Url.Query, request.QueryString.Value, StringComparison.Ordinal));
    }
}
