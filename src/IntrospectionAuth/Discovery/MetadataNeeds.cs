namespace IntrospectionAuth.Discovery;

/// <summary>The members of an authorization server's metadata without which it is unusable.</summary>
internal sealed record MetadataNeeds(bool Endpoint, bool Keys)
{
    /// <summary>What introspection needs.</summary>
    public static MetadataNeeds OfIntrospection(OAuthIntrospectionOptions options) =>
        new(options.DiscoversEndpoint, options.RequireSignedResponse);

    /// <summary>What the verification of pushed tokens needs.</summary>
    public static MetadataNeeds OfPushedTokens { get; } = new(Endpoint: false, Keys: true);
}
