namespace IntrospectionAuth.Responses;

/// <summary>By what a token was found inactive.</summary>
internal enum InactiveBasis
{
    /// <summary>By a response that says so, or by a 401 where the presented token is the credential.</summary>
    Response,

    /// <summary>By the error <c>unsupported_token_type</c>.</summary>
    TokenType,

    /// <summary>By a status of <see cref="OAuthIntrospectionOptions.InactiveStatusCodes"/>.</summary>
    StatusCode,
}
