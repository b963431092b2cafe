using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.ResourceMetadata;

/// <summary>A scheme that may protect a resource, with its options or those of the tenant of the request.</summary>
internal sealed class ProtectingScheme(string name, OAuthIntrospectionOptions options)
{
    public string Name => name;

    public OAuthIntrospectionOptions Options => options;

    public Uri? Url { get; } = options.Resource is { } resource ? new Uri(MetadataUrl.Of(resource)) : null;

    public bool HasMetadataAt(HttpRequest request) =>
        Url is not null
        && string.Equals(PathString.FromUriComponent(Url).Value, request.Path.Value, StringComparison.Ordinal)
        && (Url.Query.Length == 0 || string.Equals(Url.Query, request.QueryString.Value, StringComparison.Ordinal));
}
