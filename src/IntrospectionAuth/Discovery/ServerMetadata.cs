namespace IntrospectionAuth.Discovery;

/// <summary>What an authorization server says about itself (RFC 8414, section 2), as far as it is used.</summary>
/// <param name="introspectionEndpoint">Where it is asked about tokens.</param>
/// <param name="mtlsIntrospectionEndpoint">Where it is asked by who shows a certificate, if that is elsewhere (RFC 8705, section 5).</param>
internal sealed class ServerMetadata(Uri introspectionEndpoint, Uri? mtlsIntrospectionEndpoint)
{
    public Uri IntrospectionEndpoint { get; } = introspectionEndpoint;

    public Uri? MtlsIntrospectionEndpoint { get; } = mtlsIntrospectionEndpoint;

    /// <summary>The endpoint without its query, for logs.</summary>
    public string EndpointName => IntrospectionEndpoint.GetLeftPart(UriPartial.Path);

    public Uri EndpointFor(ClientAuthenticationMethod method) => method.UsesClientCertificate && MtlsIntrospectionEndpoint is { } alias ? alias : IntrospectionEndpoint;

    public bool NamesSameEndpointsAs(ServerMetadata other) =>
        IntrospectionEndpoint.OriginalString == other.IntrospectionEndpoint.OriginalString
        && MtlsIntrospectionEndpoint?.OriginalString == other.MtlsIntrospectionEndpoint?.OriginalString;
}
