namespace IntrospectionAuth.FreshTokens;

/// <summary>What an endpoint says about the age of the answer by which its caller is authenticated.</summary>
internal interface IFreshTokenMetadata
{
    /// <summary>Gets the age from which on an answer does not do. <see cref="TimeSpan.Zero"/>: the server is asked for each request.</summary>
    TimeSpan MaximumAge { get; }
}
