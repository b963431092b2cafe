namespace IntrospectionAuth.ResourceMetadata;

/// <summary>The URL of the metadata of a resource (RFC 9728, section 3.1).</summary>
internal static class MetadataUrl
{
    /// <summary>
    /// Inserts the well-known path between the host and the path of a resource. Nothing else is normalized, as in clients.
    /// </summary>
    public static string Of(string resource)
    {
        int host = resource.IndexOf("://", StringComparison.Ordinal) + 3;
        int end = resource.AsSpan(host).IndexOfAny('/', '?') is >= 0 and var length ? host + length : resource.Length;

        // Section 3.1, step 1: a slash right after the host is removed, and a slash at the end of a path is kept.
        ReadOnlySpan<char> rest = resource.AsSpan(end);
        if (rest is "/" || rest.StartsWith("/?", StringComparison.Ordinal))
            rest = rest[1..];

        return string.Concat(resource.AsSpan(0, end), OAuthIntrospectionDefaults.ResourceMetadataPath, rest);
    }
}
