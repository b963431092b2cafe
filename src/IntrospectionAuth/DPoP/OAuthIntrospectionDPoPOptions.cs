using IntrospectionAuth.Jose;

namespace IntrospectionAuth;

/// <summary>How DPoP proofs are judged (RFC 9449), and who is told that they are understood.</summary>
/// <remarks>A token that comes with the authorization scheme <c>DPoP</c> needs a proof whatever is set here, and a token that is bound to a key needs that scheme.</remarks>
public sealed class OAuthIntrospectionDPoPOptions
{
    private static readonly string[] s_default =
    [
        .. JoseAlgorithm
            .Asymmetric.Where(static algorithm => algorithm.IsCheap)
            .Select(static algorithm => algorithm.Name)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Gets the signature algorithms of proofs that are accepted, by their JOSE names.</summary>
    /// <value>
    /// Empty by default: <c>ES256</c>, <c>PS256</c>, <c>PS384</c>, <c>PS512</c>, <c>RS256</c>, <c>RS384</c> and <c>RS512</c>. <c>ES384</c>
    /// and <c>ES512</c> are accepted when they are named.
    /// </value>
    /// <remarks>
    /// Anybody may send a proof, and a proof is judged before its token. One on the curves P-384 and P-521 takes more than a millisecond of
    /// a processor, several times as much as any other, so they are for APIs whose clients need them.
    /// </remarks>
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

    /// <summary>Gets or sets whether a caller who presents no token, or a bearer token that is not accepted, is told that <c>DPoP</c> would be understood too.</summary>
    /// <value>The default is <see langword="false"/>: the challenge is <c>Bearer</c> alone. With <see cref="OAuthIntrospectionOptions.RequireDPoP"/> it is <c>DPoP</c> alone, whatever is set here.</value>
    /// <remarks>It puts a second challenge beside the first (RFC 9449, section 7.2), and the algorithms into the metadata of <see cref="OAuthIntrospectionOptions.Resource"/>.</remarks>
    public bool Offer { get; set; }

    /// <summary>Gets or sets whether a proof must have a nonce that this API has given (RFC 9449, section 9).</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>
    /// A client without one gets 401 <c>use_dpop_nonce</c> with a <c>DPoP-Nonce</c>, and a new one with a response when more than half of <see cref="NonceLifetime"/> has passed.
    /// Nonces are protected by ASP.NET Core's data protection: instances must share its keys. So no proof can be made long before it is used.
    /// </remarks>
    public bool RequireNonce { get; set; }

    /// <summary>Gets or sets how long a nonce is accepted.</summary>
    /// <value>The default is 5 minutes. From 1 second to 1 hour.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan NonceLifetime
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    } = TimeSpan.FromMinutes(5);

    /// <summary>The algorithms as a challenge lists them.</summary>
    internal IEnumerable<string> AcceptedAlgorithms => Algorithms.Count > 0 ? Algorithms : s_default;

    /// <summary>All that may be named.</summary>
    internal static IEnumerable<string> KnownAlgorithms =>
        JoseAlgorithm.Asymmetric.Select(static algorithm => algorithm.Name).Order(StringComparer.Ordinal);

    internal bool Accepts(JoseAlgorithm algorithm) =>
        JoseAlgorithm.Asymmetric.Contains(algorithm) && (Algorithms.Count > 0 ? Algorithms : s_default).Contains(algorithm.Name);
}
