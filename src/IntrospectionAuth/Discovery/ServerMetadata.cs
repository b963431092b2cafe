namespace IntrospectionAuth.Discovery;

/// <summary>The members of an authorization server's metadata that are used (RFC 8414, section 2).</summary>
internal sealed class ServerMetadata
{
    /// <summary>The introspection endpoint; null when it is configured.</summary>
    public Uri? IntrospectionEndpoint { get; init; }

    /// <summary>The introspection endpoint for clients with a certificate, if it has another URL (RFC 8705, section 5).</summary>
    public Uri? MtlsIntrospectionEndpoint { get; init; }

    /// <summary>The URL of the keys; null when no signed response is required.</summary>
    public Uri? KeysUrl { get; init; }

    /// <summary>The token endpoint; null when there is none with an acceptable URL.</summary>
    public Uri? TokenEndpoint { get; init; }

    /// <summary>The token endpoint for clients with a certificate, if it has another URL.</summary>
    public Uri? MtlsTokenEndpoint { get; init; }

    /// <summary>How clients obtain tokens.</summary>
    public required PublishedFlows Flows { get; init; }

    public IEnumerable<Uri?> Urls => [IntrospectionEndpoint, MtlsIntrospectionEndpoint, TokenEndpoint, MtlsTokenEndpoint, KeysUrl];

    /// <summary>The endpoint without its query, for logs.</summary>
    public string? EndpointName => IntrospectionEndpoint?.GetLeftPart(UriPartial.Path);

    public Uri? EndpointFor(OAuthIntrospectionOptions options) =>
        options.PresentsCertificate && MtlsIntrospectionEndpoint is { } alias ? alias : IntrospectionEndpoint;

    public Uri? TokenEndpointFor(OAuthIntrospectionOptions options) =>
        options.PresentsCertificate && MtlsTokenEndpoint is { } alias ? alias : TokenEndpoint;

    public bool NamesSameEndpointsAs(ServerMetadata other) =>
        IntrospectionEndpoint?.OriginalString == other.IntrospectionEndpoint?.OriginalString
        && MtlsIntrospectionEndpoint?.OriginalString == other.MtlsIntrospectionEndpoint?.OriginalString;
}
