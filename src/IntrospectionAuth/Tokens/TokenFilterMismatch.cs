namespace IntrospectionAuth;

/// <summary>What becomes of a token that <see cref="OAuthIntrospectionOptions.TokenFilter"/> does not let through.</summary>
public enum TokenFilterMismatch
{
    /// <summary>It is refused: the caller gets 401 <c>invalid_token</c> (RFC 6750, section 3.1).</summary>
    Refuse,

    /// <summary>It is nobody's as far as this scheme is concerned, as if there were none, so that another scheme may take it.</summary>
    PassOn,
}
