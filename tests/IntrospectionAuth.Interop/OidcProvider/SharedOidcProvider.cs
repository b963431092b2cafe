namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>Tests that share one oidc-provider.</summary>
[CollectionDefinition(Name)]
public sealed class SharedOidcProvider : ICollectionFixture<OidcProviderServer>
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "oidc-provider";
}
