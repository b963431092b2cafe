namespace IntrospectionAuth;

/// <content>Which tokens are accepted.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets the audiences of this API: the <c>aud</c> of a response must contain one of them.</summary>
    /// <value>Empty by default: <c>aud</c> is not checked. If set, a token without <c>aud</c> is rejected. No empty values.</value>
    /// <remarks>
    /// Set it if the server's responses have an <c>aud</c>. This rejects tokens that were issued for other APIs, and refresh tokens that
    /// the server reports as active without saying their type. The comparison is ordinal.
    /// </remarks>
    public IList<string> Audiences { get; } = [];

    /// <summary>Gets the accepted issuers.</summary>
    /// <value>
    /// Empty by default: an <c>iss</c> must be <see cref="Authority"/> if that is set, and is not checked otherwise. If set, a token
    /// without <c>iss</c> is rejected, and <see cref="Authority"/> is accepted only if it is in the list. No empty values.
    /// </value>
    /// <remarks>
    /// The comparison is ordinal, as RFC 8414, section 3.3 requires. If the server's <c>iss</c> differs from <see cref="Authority"/> by a
    /// trailing slash, add it here.
    /// </remarks>
    public IList<string> ValidIssuers { get; } = [];

    /// <summary>Gets or sets whether a token that the response describes as a refresh token is accepted.</summary>
    /// <value>
    /// The default is <see langword="false"/>. Only VMware Cloud Services, which introspects nothing else, needs <see langword="true"/>.
    /// </value>
    public bool AcceptRefreshTokens { get; set; }

    /// <summary>Gets accepted values of <c>token_use</c> and <c>token_usage</c>, in addition to those that mean an access token.</summary>
    /// <value>
    /// Empty by default: if a response has one of these members, it must be <c>access</c>, <c>access_token</c>, <c>at</c> or <c>bearer</c>,
    /// in any spelling. Case-insensitive. Values that mean refresh tokens, ID tokens or authorization codes are an error at startup. No
    /// empty values.
    /// </value>
    /// <remarks>
    /// Some servers have their own kinds of access tokens, for example <c>service</c>. These members have no fixed vocabulary, so an
    /// unknown value may describe something that is not an access token. Unknown plain values of <c>token_type</c> and <c>typ</c> are
    /// accepted, because those members also say how a token is used and encoded.
    /// </remarks>
    public IList<string> AcceptedTokenUses { get; } = [];

    /// <summary>Gets or sets the tolerance for <c>exp</c>, <c>nbf</c> and <c>auth_time</c> if clocks differ.</summary>
    /// <value>The default is 0. From 0 to 1 hour.</value>
    /// <remarks>
    /// An <c>nbf</c> or <c>auth_time</c> may always be 5 seconds in the future: many servers set them to the time of issue by their own
    /// clock. An <c>exp</c> gets no tolerance beyond this value (RFC 7662, section 4).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ClockSkew
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    /// <summary>Gets claim types without which a token is rejected.</summary>
    /// <value>Empty by default. Names after <see cref="ClaimMappings"/>. No empty values.</value>
    public IList<string> RequiredClaims { get; } = [];

    /// <summary>Gets or sets whether only tokens bound to a key are accepted, each with its DPoP proof (RFC 9449).</summary>
    /// <value>
    /// The default is <see langword="false"/>: bearer tokens are also accepted, unless they are bound. Not together with
    /// <see cref="TokenRetrieval"/>: a token in a form or query has no proof.
    /// </value>
    /// <remarks>With this option, a bearer token costs no call, and every challenge is <c>DPoP</c>.</remarks>
    public bool RequireDPoP { get; set; }

    /// <summary>Gets how DPoP proofs are validated.</summary>
    public OAuthIntrospectionDPoPOptions DPoP { get; } = new();
}
