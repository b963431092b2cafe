namespace IntrospectionAuth.FreshTokens;

/// <summary>Endpoint metadata that limits the age of the response by which the caller is authenticated.</summary>
internal interface IFreshTokenMetadata
{
    /// <inheritdoc cref="FreshTokenRequirement.MaximumAge"/>
    TimeSpan MaximumAge { get; }
}
