namespace IntrospectionAuth.DPoP;

/// <summary>Which check of RFC 9449, section 4.3 a proof has failed. For the log; the caller is told a fixed sentence.</summary>
internal enum ProofFault
{
    None,

    /// <summary>There is no header <c>DPoP</c>, or there are two.</summary>
    NotOneHeader,

    /// <summary>It is no JWT, too long, of an algorithm that nobody knows, or shows a private key or a shared secret.</summary>
    Malformed,

    /// <summary><c>jwk</c>, <c>jti</c>, <c>htm</c>, <c>htu</c>, <c>iat</c> or <c>ath</c> is missing, or of another type.</summary>
    MissingClaim,

    /// <summary><c>typ</c> is not <c>dpop+jwt</c>.</summary>
    WrongType,

    /// <summary><c>alg</c> is symmetric, or not accepted here.</summary>
    WrongAlgorithm,

    /// <summary><c>jwk</c> is not a key that is supported, or not one that goes with <c>alg</c>.</summary>
    WrongKey,

    /// <summary>The signature is not by the key in <c>jwk</c>.</summary>
    WrongSignature,

    /// <summary><c>htm</c> is not the request's method.</summary>
    WrongMethod,

    /// <summary><c>htu</c> is not the request's URL, as ASP.NET Core knows it.</summary>
    WrongUrl,

    /// <summary>A nonce is required, and there is none, or none that counts any more.</summary>
    NonceRequired,

    /// <summary><c>iat</c> is too old, or in the future.</summary>
    WrongTime,

    /// <summary><c>ath</c> is not the token's hash.</summary>
    WrongToken,

    /// <summary>The proof was used before.</summary>
    Replayed,
}
