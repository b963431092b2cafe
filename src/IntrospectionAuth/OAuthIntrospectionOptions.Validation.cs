namespace IntrospectionAuth;

/// <content>Which tokens are accepted.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets the audiences of this API: a token is accepted only if its <c>aud</c> has one of them.</summary>
    /// <value>Empty by default: <c>aud</c> is not checked. Once there is one, a token without <c>aud</c> is refused.</value>
    /// <remarks>
    /// Set it wherever the server puts an <c>aud</c> in its answers: it is what stops a token that was issued for another API, and
    /// a refresh token that the server calls active without saying its type. The comparison is ordinal.
    /// </remarks>
    public IList<string> Audiences { get; } = [];

    /// <summary>Gets the issuers whose tokens are accepted.</summary>
    /// <value>
    /// Empty by default: an <c>iss</c> must be <see cref="Authority"/> where that is set, and is not checked otherwise. Once there is one,
    /// a token without <c>iss</c> is refused, and
    /// <see cref="Authority"/> is accepted only if it is among them.
    /// </value>
    /// <remarks>The comparison is ordinal, as RFC 8414, section 3.3 asks: where a server's <c>iss</c> differs from <see cref="Authority"/>
    /// by a slash at the end, add it here.</remarks>
    public IList<string> ValidIssuers { get; } = [];

    /// <summary>Gets or sets whether an answer that says it is about a refresh token is accepted.</summary>
    /// <value>The default is <see langword="false"/>. Only VMware Cloud Services, which introspects nothing else, needs <see langword="true"/>.</value>
    public bool AcceptRefreshTokens { get; set; }

    /// <summary>
    /// Gets the values of <c>token_use</c> and <c>token_usage</c> that are accepted beside those that mean an access token.
    /// </summary>
    /// <value>
    /// Empty by default: a response that has one of these members is accepted only if it says <c>access</c>, <c>access_token</c>, <c>at</c>
    /// or <c>bearer</c>, in any spelling. Case does not matter. Words for refresh tokens, ID tokens, authorization codes and the like are
    /// refused at startup.
    /// </value>
    /// <remarks>
    /// Some servers have kinds of access tokens of their own, for example <c>service</c>. The vocabulary of these members is open, so that
    /// an unknown word may just as well name what is no access token; for
    /// <c>token_type</c> and <c>typ</c>, which also say how a token is used and encoded, unknown plain words are accepted.
    /// </remarks>
    public IList<string> AcceptedTokenUses { get; } = [];

    /// <summary>Gets or sets the tolerance for <c>exp</c>, <c>nbf</c> and <c>auth_time</c> against clocks that disagree.</summary>
    /// <value>The default is <see cref="TimeSpan.Zero"/>. From zero to one hour.</value>
    /// <remarks>
    /// An <c>nbf</c> or <c>auth_time</c> may lie at least 5 seconds in the future, even when this is zero: many servers set them to the
    /// time of issue by their own clock. An <c>exp</c> gets no tolerance beyond this (RFC 7662, section 4).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or longer than one hour.</exception>
    public TimeSpan ClockSkew
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    /// <summary>Gets the claim types without which a token is refused.</summary>
    /// <value>Empty by default. Names are those after <see cref="ClaimMappings"/>, which can also map what lies inside an object.</value>
    public IList<string> RequiredClaims { get; } = [];

    /// <summary>Gets or sets whether only tokens that are bound to a key are accepted, each with its DPoP proof (RFC 9449).</summary>
    /// <value>The default is <see langword="false"/>: bearer tokens are accepted too, unless they are bound.</value>
    /// <remarks>A bearer token then costs no call, and every challenge is <c>DPoP</c>. Not together with <see cref="TokenRetrieval"/>: what comes in a form or query has no proof.</remarks>
    public bool RequireDPoP { get; set; }

    /// <summary>Gets how DPoP proofs are judged.</summary>
    public OAuthIntrospectionDPoPOptions DPoP { get; } = new();
}
