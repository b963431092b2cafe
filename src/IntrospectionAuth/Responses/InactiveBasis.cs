namespace IntrospectionAuth.Responses;

/// <summary>Why a token counts as inactive.</summary>
internal enum InactiveBasis
{
    /// <summary>The response says so, or has status 401 and the presented token is the credential.</summary>
    Response,

    /// <summary>The error is <c>unsupported_token_type</c>.</summary>
    TokenType,

    /// <summary>The status is one of <see cref="OAuthIntrospectionOptions.InactiveStatusCodes"/>.</summary>
    StatusCode,
}
