namespace IntrospectionAuth.Discovery;

/// <summary>What an authorization server says about itself (RFC 8414, section 2), as far as it is used.</summary>
/// <param name="introspectionEndpoint">Where it is asked about tokens.</param>
/// <param name="mtlsIntrospectionEndpoint">Where it is asked by who shows a certificate, if that is elsewhere (RFC 8705, section 5).</param>
internal sealed class ServerMetadata(Uri introspectionEndpoint, Uri? mtlsIntrospectionEndpoint)
{
    public Uri IntrospectionEndpoint { get; } = introspectionEndpoint;

    public Uri? MtlsIntrospectionEndpoint { get; } = mtlsIntrospectionEndpoint;

    /// <summary>Where clients obtain tokens; null when none is named that may be called.</summary>
    public Uri? TokenEndpoint { get; init; }

    /// <summary>The same for who shows a certificate, if that is elsewhere.</summary>
    public Uri? MtlsTokenEndpoint { get; init; }

    /// <summary>The endpoint without its query, for logs.</summary>
    public string EndpointName => IntrospectionEndpoint.GetLeftPart(UriPartial.Path);

    public Uri EndpointFor(OAuthIntrospectionOptions options) => options.ClientAuthenticationMethod.ShowsCertificate(options) && MtlsIntrospectionEndpoint is { } alias ? alias : IntrospectionEndpoint;

    public Uri? TokenEndpointFor(OAuthIntrospectionOptions options) => options.ClientAuthenticationMethod.ShowsCertificate(options) && MtlsTokenEndpoint is { } alias ? alias : TokenEndpoint;

    public bool NamesSameEndpointsAs(ServerMetadata other) =>
        IntrospectionEndpoint.OriginalString == other.IntrospectionEndpoint.OriginalString
        && MtlsIntrospectionEndpoint?.OriginalString == other.MtlsIntrospectionEndpoint?.OriginalString;
}
