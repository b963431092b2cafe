namespace IntrospectionAuth.DPoP;

/// <summary>
/// The check of RFC 9449, section 4.3 that a proof failed, or why its use cannot be recorded. It is only logged; the caller gets a fixed
/// sentence.
/// </summary>
internal enum ProofFault
{
    None,

    /// <summary>The request has no <c>DPoP</c> header, or several.</summary>
    NotOneHeader,

    /// <summary>The proof is not a JWT, is too long, has an unknown algorithm, or contains a private key or a shared secret.</summary>
    Malformed,

    /// <summary><c>jwk</c>, <c>jti</c>, <c>htm</c>, <c>htu</c>, <c>iat</c> or <c>ath</c> is missing, or has the wrong type.</summary>
    MissingClaim,

    /// <summary><c>typ</c> is not <c>dpop+jwt</c>.</summary>
    WrongType,

    /// <summary><c>alg</c> is symmetric, or not accepted here.</summary>
    WrongAlgorithm,

    /// <summary><c>jwk</c> is not a supported key, or does not support <c>alg</c>.</summary>
    WrongKey,

    /// <summary>The signature was not made with the key in <c>jwk</c>.</summary>
    WrongSignature,

    /// <summary><c>htm</c> is not the request's method.</summary>
    WrongMethod,

    /// <summary><c>htu</c> is not the URL of the request in ASP.NET Core.</summary>
    WrongUrl,

    /// <summary>A nonce is required, and the proof has none, or an expired one.</summary>
    NonceRequired,

    /// <summary><c>iat</c> is too old, or in the future.</summary>
    WrongTime,

    /// <summary><c>ath</c> is not the token's hash.</summary>
    WrongToken,

    /// <summary>The proof was used before.</summary>
    Replayed,

    /// <summary>It is unknown whether the proof was used before: the store of used proofs is full.</summary>
    StoreFull,

    /// <summary>It is unknown whether the proof was used on another node: the shared cache does not respond.</summary>
    NotShared,

    /// <summary>A nonce is required, but none can be created.</summary>
    NoNonce,
}
