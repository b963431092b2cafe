namespace IntrospectionAuth.Responses;

/// <summary>What a response says that the token is, from an access token to what is farthest from one.</summary>
internal enum TokenKind
{
    /// <summary>Nothing contradicts an access token.</summary>
    Access,

    /// <summary>
    /// Its <c>token_use</c> or <c>token_usage</c> is a word that nobody here knows: an access token only if the options say so.
    /// </summary>
    Unknown,

    Refresh,

    /// <summary>An ID token, an authorization code, or a type that cannot be understood.</summary>
    Other,
}
