using IntrospectionAuth.Jose;

namespace IntrospectionAuth;

/// <summary>How DPoP proofs are validated (RFC 9449), and whether challenges offer DPoP.</summary>
/// <remarks>
/// Regardless of these options, a token that is presented with the authorization scheme <c>DPoP</c> needs a proof, and a token that is
/// bound to a key needs that scheme.
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

    /// <summary>Gets the accepted signature algorithms of proofs, by their JOSE names.</summary>
    /// <value>
    /// Empty by default: <c>ES256</c>, <c>PS256</c>, <c>PS384</c>, <c>PS512</c>, <c>RS256</c>, <c>RS384</c> and <c>RS512</c>. <c>ES384</c>
    /// and <c>ES512</c> must be listed.
    /// </value>
    /// <remarks>
    /// Anyone can send a proof, and it is validated before its token. A signature on the curve P-384 or P-521 takes more than a millisecond
    /// of processor time, several times as much as any other. List them only if the API's clients need them.
    /// </remarks>
    public IList<string> Algorithms { get; } = [];

    /// <summary>Gets or sets the maximum age of a proof, by its <c>iat</c>.</summary>
    /// <value>The default is 1 minute. From 1 second to 10 minutes.</value>
    /// <remarks>Each process stores used proofs for this time, and so does the engine of the shared cache.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ProofLifetime
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
    } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how far in the future the <c>iat</c> of a proof may be, for clients whose clocks are ahead.</summary>
    /// <value>The default is 5 seconds. From 0 to 5 minutes.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ClockSkew
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets what happens to a proof when the other nodes cannot be asked whether it was used.</summary>
    /// <value>The default is <see cref="DPoPReplayAcrossNodes.BestEffort"/>.</value>
    /// <remarks>
    /// With <see cref="OAuthIntrospectionOptions.SharedCache"/> and an engine that stores keys atomically, such as Redis, a proof that was
    /// used on one node is rejected on all. This option decides about the time in which the engine does not respond.
    /// </remarks>
    public DPoPReplayAcrossNodes ReplayAcrossNodes { get; set; }

    /// <summary>Gets or sets whether challenges offer <c>DPoP</c> in addition to <c>Bearer</c> (RFC 9449, section 7.2).</summary>
    /// <value>
    /// The default is <see langword="false"/>: the challenge is <c>Bearer</c> only. With
    /// <see cref="OAuthIntrospectionOptions.RequireDPoP"/> it is <c>DPoP</c> only, regardless of this option.
    /// </value>
    /// <remarks>
    /// It adds a second challenge for callers without a token or with a rejected bearer token, and adds the algorithms to the metadata of
    /// <see cref="OAuthIntrospectionOptions.Resource"/>.
    /// </remarks>
    public bool Offer { get; set; }

    /// <summary>Gets or sets whether a proof needs a nonce issued by this API (RFC 9449, section 9).</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>
    /// Nonces prevent a client from creating proofs long before their use. A client without a nonce gets 401 <c>use_dpop_nonce</c> with a
    /// <c>DPoP-Nonce</c>, and a new nonce once more than half of <see cref="NonceLifetime"/> has passed. ASP.NET Core's data protection
    /// protects nonces, so all instances must share its keys.
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

    /// <summary>The algorithms as challenges list them.</summary>
    internal IEnumerable<string> AcceptedAlgorithms => Algorithms.Count > 0 ? Algorithms : s_default;

    internal static IEnumerable<string> KnownAlgorithms =>
        JoseAlgorithm.Asymmetric.Select(static algorithm => algorithm.Name).Order(StringComparer.Ordinal);

    internal bool Accepts(JoseAlgorithm algorithm) =>
        JoseAlgorithm.Asymmetric.Contains(algorithm) && (Algorithms.Count > 0 ? Algorithms : s_default).Contains(algorithm.Name);
}
