namespace IntrospectionAuth.ResourceMetadata;

/// <summary>The members of protected resource metadata that the options determine (RFC 9728, section 2).</summary>
internal static class MetadataNames
{
    public const string Resource = "resource";
    public const string AuthorizationServers = "authorization_servers";
    public const string ScopesSupported = "scopes_supported";
    public const string BearerMethodsSupported = "bearer_methods_supported";
    public const string ResourceName = "resource_name";
    public const string ResourceDocumentation = "resource_documentation";

    public const string DPoPRequired = "dpop_bound_access_tokens_required";
    public const string DPoPAlgorithms = "dpop_signing_alg_values_supported";

    public static readonly string[] All =
    [
        Resource,
        AuthorizationServers,
        ScopesSupported,
        BearerMethodsSupported,
        ResourceName,
        ResourceDocumentation,
        DPoPRequired,
        DPoPAlgorithms,
    ];
}
