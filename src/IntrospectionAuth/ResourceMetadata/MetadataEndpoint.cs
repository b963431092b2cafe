using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.ResourceMetadata;

/// <summary>Answers requests for protected resource metadata, from the options as they are now.</summary>
internal sealed class MetadataEndpoint(EndpointScopes scopes)
{
    // Long enough to spare a crowd of clients the way, short enough for a mistake to pass.
    private const string CacheControl = "public, max-age=300";

    public async Task HandleAsync(HttpContext context)
    {
        Described[] described = await FindAsync(context);
        if (described.Length == 0)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var collected = new List<string>();
        foreach (Described scheme in described.Where(static scheme => scheme.Options.ResourceMetadata.CollectScopes))
            collected.AddRange(await scopes.OfAsync(scheme.Name, context.RequestServices));

        ReadOnlyMemory<byte> body = MetadataWriter.Write([.. described.Select(static scheme => scheme.Options)], collected);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers[HeaderNames.CacheControl] = CacheControl;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The schemes of the resource whose metadata lies at the requested URL; more than one when they protect it together.</summary>
    private static async Task<Described[]> FindAsync(HttpContext context)
    {
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        var options = context.RequestServices.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>();

        Described[] candidates =
        [
            .. (await schemes.GetAllSchemesAsync())
                .Where(static scheme => scheme.HandlerType == typeof(OAuthIntrospectionHandler))
                .Select(scheme => new Described(scheme.Name, options.Get(scheme.Name)))
                .Where(scheme => scheme.IsFoundAt(context.Request)),
        ];
        if (candidates.Length < 2)
            return candidates;

        // Resources of several hosts may share a path. The host of the request chooses among what is configured, and is never written. It is compared as the
        // header has it, in ASCII: Request.Host would decode it, and throw where that cannot be done.
        string host = context.Request.Headers.Host.ToString();
        string? resource = candidates
            .OrderByDescending(scheme => string.Equals(host, scheme.Url!.Authority, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(static scheme => scheme.Url!.Query.Length)
            .First()
            .Options.Resource;
        return [.. candidates.Where(scheme => scheme.Options.Resource == resource)];
    }

    private sealed class Described(string name, OAuthIntrospectionOptions options)
    {
        public string Name => name;

        public OAuthIntrospectionOptions Options => options;

        public Uri? Url { get; } = options.Resource is { } resource ? new Uri(MetadataUrl.Of(resource)) : null;

        public bool IsFoundAt(HttpRequest request) =>
            Url is not null
            && string.Equals(PathString.FromUriComponent(Url).Value, request.Path.Value, StringComparison.Ordinal)
            && (Url.Query.Length == 0 || string.Equals(Url.Query, request.QueryString.Value, StringComparison.Ordinal));
    }
}
