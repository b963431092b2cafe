namespace IntrospectionAuth;

/// <summary>Why a request with a token was not authenticated.</summary>
public enum OAuthIntrospectionFailure
{
    /// <summary>
    /// The token is malformed, or presented in a malformed way; the caller gets 400 <c>invalid_request</c> (RFC 6750, section 3.1).
    /// </summary>
    MalformedRequest,

    /// <summary>The authorization server's response says that the token is not active (RFC 7662, section 2.2).</summary>
    Inactive,

    /// <summary>The token's <c>exp</c> has passed.</summary>
    Expired,

    /// <summary>The token's <c>nbf</c> is in the future.</summary>
    NotYetValid,

    /// <summary>
    /// The token's <c>iss</c> is not one of <see cref="OAuthIntrospectionOptions.ValidIssuers"/>; if those are empty, it is not
    /// <see cref="OAuthIntrospectionOptions.Authority"/>.
    /// </summary>
    WrongIssuer,

    /// <summary>The token's <c>aud</c> contains none of <see cref="OAuthIntrospectionOptions.Audiences"/>.</summary>
    WrongAudience,

    /// <summary>The token is not an access token but, for example, a refresh token or an ID token.</summary>
    WrongTokenType,

    /// <summary>The token is bound to a key or certificate, and the request does not prove possession of it.</summary>
    BindingNotProved,

    /// <summary>The token lacks one of <see cref="OAuthIntrospectionOptions.RequiredClaims"/>.</summary>
    MissingRequiredClaim,

    /// <summary>
    /// The authorization server gave no usable response, so it is unknown whether the token is active; the caller gets 503.
    /// </summary>
    Unavailable,

    /// <summary>
    /// The token does not match <see cref="OAuthIntrospectionOptions.TokenFilter"/>, so it was not sent to the authorization server.
    /// </summary>
    ForeignToken,

    /// <summary>
    /// The token is presented with the authorization scheme <c>DPoP</c>, and its proof is missing, invalid, or already used; the caller
    /// gets 401 <c>invalid_dpop_proof</c> (RFC 9449, section 7.1). The log names the check of section 4.3 that failed.
    /// </summary>
    InvalidProof,

    /// <summary>
    /// The DPoP proof has no valid nonce; the caller gets 401 <c>use_dpop_nonce</c> and a new nonce (RFC 9449, section 9).
    /// </summary>
    NonceRequired,

    /// <summary>
    /// The token is presented as a bearer token, but is bound to a key, or <see cref="OAuthIntrospectionOptions.RequireDPoP"/> is on.
    /// </summary>
    DPoPRequired,

    /// <summary>
    /// The token is presented with the authorization scheme <c>DPoP</c>, but is not bound to a key (RFC 9449, section 7.1).
    /// </summary>
    NotBound,

    /// <summary>
    /// The application's <see cref="OAuthIntrospectionEvents.OnTokenValidated"/> rejected the token. Only <see cref="OAuthIntrospector"/>
    /// returns this.
    /// </summary>
    RejectedByApplication,

    /// <summary>The request is for no tenant, or for an unknown one, so the token was sent to no authorization server.</summary>
    UnknownTenant,
}
