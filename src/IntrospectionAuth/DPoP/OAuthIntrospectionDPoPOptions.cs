using IntrospectionAuth.Jose;

namespace IntrospectionAuth;

/// <summary>Options for DPoP proofs (RFC 9449).</summary>
/// <remarks>
/// Regardless of these options, a token with the authorization scheme <c>DPoP</c> needs a proof, and a token that is bound to a key must be
/// presented with that scheme.
/// </remarks>
public sealed class OAuthIntrospectionDPoPOptions
{
    private static readonly string[] s_default =
    [
        .. JoseAlgorithm
            .Asymmetric.Where(static algorithm => algorithm.IsCheap)
            .Select(static algorithm => algorithm.Name)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Gets the JOSE names of the accepted signature algorithms of proofs.</summary>
    /// <value>
    /// Empty by default, which accepts <c>ES256</c>, <c>PS256</c>, <c>PS384</c>, <c>PS512</c>, <c>RS256</c>, <c>RS384</c> and <c>RS512</c>.
    /// <c>ES384</c> and <c>ES512</c> are accepted only when they are listed.
    /// </value>
    /// <remarks>
    /// Anyone may send a proof, and a proof is verified before its token. Verifying a proof on the curves P-384 and P-521 takes more than a
    /// millisecond of processor time, several times as long as any other. List them only if clients need them.
    /// </remarks>
    public IList<string> Algorithms { get; } = [];

    /// <summary>Gets or sets the maximum age of a proof, by its <c>iat</c>.</summary>
    /// <value>The default is 1 minute. From 1 second to 10 minutes.</value>
    /// <remarks>Each process stores used proofs for this time.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ProofLifetime
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
    } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how far the <c>iat</c> of a proof may be in the future, for clients whose clocks are ahead.</summary>
    /// <value>The default is 5 seconds. From zero to 5 minutes.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ClockSkew
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets or sets whether the response to a request without a token, or with a rejected bearer token, contains a <c>DPoP</c> challenge in
    /// addition to the <c>Bearer</c> challenge (RFC 9449, section 7.2).
    /// </summary>
    /// <value>
    /// The default is <see langword="false"/>: only <c>Bearer</c>. With <see cref="OAuthIntrospectionOptions.RequireDPoP"/> the challenge
    /// is only <c>DPoP</c>, regardless of this value.
    /// </value>
    /// <remarks>It also adds the algorithms to the metadata of <see cref="OAuthIntrospectionOptions.Resource"/>.</remarks>
    public bool Offer { get; set; }

    /// <summary>Gets or sets whether a proof must contain a nonce from this API (RFC 9449, section 9).</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>
    /// A nonce prevents proofs that were created long before their use. A client without one gets 401 <c>use_dpop_nonce</c> with a
    /// <c>DPoP-Nonce</c>; when more than half of <see cref="NonceLifetime"/> has passed, a response contains the next one. Nonces are
    /// encrypted by ASP.NET Core's data protection, so all instances must share its keys.
    /// </remarks>
    public bool RequireNonce { get; set; }

    /// <summary>Gets or sets how long a nonce is accepted.</summary>
    /// <value>The default is 5 minutes. From 1 second to 1 hour.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan NonceLifetime
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromMinutes(5);

    /// <summary>The accepted algorithms, in the order in which a challenge lists them.</summary>
    internal IEnumerable<string> AcceptedAlgorithms => Algorithms.Count > 0 ? Algorithms : s_default;

    /// <summary>The algorithms that <see cref="Algorithms"/> may list.</summary>
    internal static IEnumerable<string> KnownAlgorithms =>
        JoseAlgorithm.Asymmetric.Select(static algorithm => algorithm.Name).Order(StringComparer.Ordinal);

    internal bool Accepts(JoseAlgorithm algorithm) =>
        JoseAlgorithm.Asymmetric.Contains(algorithm) && (Algorithms.Count > 0 ? Algorithms : s_default).Contains(algorithm.Name);
}
