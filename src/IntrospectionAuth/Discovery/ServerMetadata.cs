namespace IntrospectionAuth.Discovery;

/// <summary>What an authorization server says about itself (RFC 8414, section 2), as far as it is used.</summary>
internal sealed class ServerMetadata
{
    /// <summary>Where it is asked about tokens; null when that was not looked for, since it is configured.</summary>
    public Uri? IntrospectionEndpoint { get; init; }

    /// <summary>Where it is asked by who shows a certificate, if that is elsewhere (RFC 8705, section 5).</summary>
    public Uri? MtlsIntrospectionEndpoint { get; init; }

    /// <summary>Where its keys lie; null when they were not looked for, since no signed answer is required.</summary>
    public Uri? KeysUrl { get; init; }

    /// <summary>Where clients obtain tokens; null when none is named that may be called.</summary>
    public Uri? TokenEndpoint { get; init; }

    /// <summary>The same for who shows a certificate, if that is elsewhere.</summary>
    public Uri? MtlsTokenEndpoint { get; init; }

    /// <summary>The endpoint without its query, for logs.</summary>
    public string? EndpointName => IntrospectionEndpoint?.GetLeftPart(UriPartial.Path);

    public Uri? EndpointFor(OAuthIntrospectionOptions options) =>
        options.ClientAuthenticationMethod.ShowsCertificate(options) && MtlsIntrospectionEndpoint is { } alias
            ? alias
            : IntrospectionEndpoint;

    public Uri? TokenEndpointFor(OAuthIntrospectionOptions options) =>
        options.ClientAuthenticationMethod.ShowsCertificate(options) && MtlsTokenEndpoint is { } alias ? alias : TokenEndpoint;

    public bool NamesSameEndpointsAs(ServerMetadata other) =>
        IntrospectionEndpoint?.OriginalString == other.IntrospectionEndpoint?.OriginalString
        && MtlsIntrospectionEndpoint?.OriginalString == other.MtlsIntrospectionEndpoint?.OriginalString;
}
