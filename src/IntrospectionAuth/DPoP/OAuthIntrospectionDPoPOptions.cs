using IntrospectionAuth.Jose;

namespace IntrospectionAuth;

/// <summary>How DPoP proofs are judged (RFC 9449), and who is told that they are understood.</summary>
/// <remarks>A token that comes with the authorization scheme <c>DPoP</c> needs a proof whatever is set here, and a token that is bound to a key needs that scheme.</remarks>
public sealed class OAuthIntrospectionDPoPOptions
{
    /// <summary>Gets the signature algorithms of proofs that are accepted, by their JOSE names.</summary>
    /// <value>Empty by default: <c>ES256</c>, <c>ES384</c>, <c>PS256</c> and <c>RS256</c>, which are all there are.</value>
    public IList<string> Algorithms { get; } = [];

    /// <summary>Gets or sets how old a proof may be, by its <c>iat</c>.</summary>
    /// <value>The default is 1 minute. From 1 second to 10 minutes.</value>
    /// <remarks>As long each process remembers that a proof was used.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ProofLifetime
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(10));
            field = value;
        }
    } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how far in the future the <c>iat</c> of a proof may lie: the tolerance for clients whose clocks are ahead.</summary>
    /// <value>The default is 5 seconds. From zero to 5 minutes.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ClockSkew
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(5));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    internal bool Accepts(JoseAlgorithm algorithm) =>
        JoseAlgorithm.Asymmetric.Contains(algorithm) && (Algorithms.Count == 0 || Algorithms.Contains(algorithm.Name));
}
