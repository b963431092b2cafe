using System.Buffers;
using IntrospectionAuth.Http;
using IntrospectionAuth.ResourceMetadata;

namespace IntrospectionAuth.Configuration;

/// <summary>Finds faults in the options for the metadata of this API.</summary>
internal static class ResourceFaults
{
    // RFC 3986, section 2
    private static readonly SearchValues<char> s_urlCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
    );

    public static IEnumerable<string> Find(OAuthIntrospectionOptions options)
    {
        OAuthIntrospectionResourceMetadataOptions metadata = options.ResourceMetadata;
        if (options.Resource is { } resource)
        {
            if (FindUrlFault(resource, options.RequireHttps) is { } fault)
                yield return $"Resource {fault}";
        }
        else if (!metadata.IsEmpty)
        {
            yield return "ResourceMetadata is set without Resource, which it needs. " + "Set Resource to this API's own URL, or remove it.";
        }

        IEnumerable<string?> issuerFaults = metadata.AuthorizationServers.Select(issuer => FindIssuerFault(issuer, options.RequireHttps));
        foreach (string fault in issuerFaults.OfType<string>().Distinct(StringComparer.Ordinal))
            yield return $"ResourceMetadata.AuthorizationServers has a value that {fault}";

        if (metadata.ScopesSupported.Any(string.IsNullOrWhiteSpace))
            yield return "ResourceMetadata.ScopesSupported has an empty value. Remove it, or write the value that is meant.";

        if (
            metadata.ResourceDocumentation is { } page
            && !(Uri.TryCreate(page, UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http")
        )
        {
            yield return "ResourceMetadata.ResourceDocumentation is not an absolute https URL. Write it whole: https://docs.example.com.";
        }

        if (metadata.Members.Any(static member => string.IsNullOrWhiteSpace(member.Key) || string.IsNullOrEmpty(member.Value)))
            yield return "ResourceMetadata.Members has an empty value. Remove it, or write the value that is meant.";
        foreach (string member in metadata.Members.Keys.Intersect(MetadataNames.All, StringComparer.Ordinal))
            yield return $"ResourceMetadata.Members has {member}, which the metadata has anyway. Remove it.";
    }

    private static string? FindIssuerFault(string issuer, bool requireHttps) =>
        FindUrlFault(issuer, requireHttps)
        ?? (
            issuer.Contains('?', StringComparison.Ordinal)
                ? "has a query. Write the issuer, as the authorization server's own metadata has it."
                : null
        );

    /// <summary>
    /// RFC 9728, section 1.2: an https URL without fragment. Clients compare it character by character, so it is written as it is sent.
    /// </summary>
    private static string? FindUrlFault(string value, bool requireHttps)
    {
        if (value.AsSpan().ContainsAnyExcept(s_urlCharacters))
            return "has characters that a URL cannot contain. Encode them, and write a host name in its ASCII form.";
        if (!Uri.TryCreate(value, UriKind.Absolute, out Uri? url) || url.Scheme is not ("https" or "http"))
            return "is not an absolute https URL. Write it whole: https://api.example.com.";
        if (requireHttps && ServerUrl.IsExposed(url))
            return "is plain http. " + ValidateOptions.UseHttps;
        if (url.UserInfo.Length > 0 || value.Contains('#', StringComparison.Ordinal))
            return "has user information or a fragment. Remove it.";
        return null;
    }
}
