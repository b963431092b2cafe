namespace IntrospectionAuth.Discovery;

/// <summary>What an authorization server says about itself (RFC 8414, section 2), as far as it is used.</summary>
/// <param name="introspectionEndpoint">Where it is asked about tokens.</param>
internal sealed class ServerMetadata(Uri introspectionEndpoint)
{
    public Uri IntrospectionEndpoint { get; } = introspectionEndpoint;

    /// <summary>The endpoint without its query, for logs.</summary>
    public string EndpointName => IntrospectionEndpoint.GetLeftPart(UriPartial.Path);
}
