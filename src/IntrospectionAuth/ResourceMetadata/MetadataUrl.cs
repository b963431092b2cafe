namespace IntrospectionAuth.ResourceMetadata;

/// <summary>Where the metadata of a resource lies (RFC 9728, section 3.1).</summary>
internal static class MetadataUrl
{
    public const string WellKnownPath = "/.well-known/oauth-protected-resource";

    /// <summary>Puts the well-known path between the host and the path of a resource; everything else stays as it is written, for clients do the same.</summary>
    public static string Of(string resource)
    {
        int host = resource.IndexOf("://", StringComparison.Ordinal) + 3;
        int end = resource.AsSpan(host).IndexOfAny('/', '?') is >= 0 and var length ? host + length : resource.Length;

        // Step 1 of section 3.1: a slash that ends at the host goes; one that ends a path stays.
        ReadOnlySpan<char> rest = resource.AsSpan(end);
        if (rest is "/" || rest.StartsWith("/?", StringComparison.Ordinal))
            rest = rest[1..];

        return string.Concat(resource.AsSpan(0, end), WellKnownPath, rest);
    }
}
