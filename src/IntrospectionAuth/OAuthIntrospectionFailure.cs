namespace IntrospectionAuth;

/// <summary>Why a request with a token was not authenticated.</summary>
public enum OAuthIntrospectionFailure
{
    /// <summary>The request carries its token in a malformed way; the caller gets 400 <c>invalid_request</c> (RFC 6750, section 3.1).</summary>
    MalformedRequest,

    /// <summary>The authorization server says that the token is not active (RFC 7662, section 2.2).</summary>
    Inactive,

    /// <summary>The token's <c>exp</c> has passed.</summary>
    Expired,

    /// <summary>The token's <c>nbf</c> has not come yet.</summary>
    NotYetValid,

    /// <summary>
    /// The token's <c>iss</c> is not one of <see cref="OAuthIntrospectionOptions.ValidIssuers"/>; or, where there are none, not
    /// <see cref="OAuthIntrospectionOptions.Authority"/>.
    /// </summary>
    WrongIssuer,

    /// <summary>The token's <c>aud</c> has none of <see cref="OAuthIntrospectionOptions.Audiences"/>.</summary>
    WrongAudience,

    /// <summary>The token is not an access token: a refresh token or an ID token, for example.</summary>
    WrongTokenType,

    /// <summary>The token is bound to a key or certificate that the request does not prove to have.</summary>
    BindingNotProved,

    /// <summary>The token lacks one of <see cref="OAuthIntrospectionOptions.RequiredClaims"/>.</summary>
    MissingRequiredClaim,

    /// <summary>
    /// The authorization server gave no usable answer, so that nothing is known about the token; the caller gets 503.
    /// </summary>
    Unavailable,

    /// <summary>The token does not look like one of this authorization server's: <see cref="OAuthIntrospectionOptions.TokenFilter"/> does not let it through.</summary>
    ForeignToken,

    /// <summary>
    /// The token comes with the authorization scheme <c>DPoP</c>, and its proof is missing, wrong, or was used before; the caller gets 401 <c>invalid_dpop_proof</c>
    /// (RFC 9449, section 7.1). Which check of section 4.3 it was, the log tells.
    /// </summary>
    InvalidProof,

    /// <summary>The DPoP proof lacks a nonce that counts; the caller gets 401 <c>use_dpop_nonce</c> and a new one (RFC 9449, section 9).</summary>
    NonceRequired,

    /// <summary>The token comes as a bearer token, but is bound to a key, or <see cref="OAuthIntrospectionOptions.RequireDPoP"/> is on.</summary>
    DPoPRequired,

    /// <summary>The token comes with the authorization scheme <c>DPoP</c>, but is not bound to a key (RFC 9449, section 7.1).</summary>
    NotBound,

    /// <summary>
    /// The application's <see cref="OAuthIntrospectionEvents.OnTokenValidated"/> refused the token; only <see cref="OAuthIntrospector"/>
    /// reports this.
    /// </summary>
    RejectedByApplication,
}
