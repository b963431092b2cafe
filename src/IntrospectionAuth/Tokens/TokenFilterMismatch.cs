namespace IntrospectionAuth;

/// <summary>What happens to a token that does not match <see cref="OAuthIntrospectionOptions.TokenFilter"/>.</summary>
public enum TokenFilterMismatch
{
    /// <summary>The token is rejected: the caller gets 401 <c>invalid_token</c> (RFC 6750, section 3.1).</summary>
    Reject,

    /// <summary>This scheme ignores the token, as if the request had none, so that another scheme can accept it.</summary>
    Ignore,
}
