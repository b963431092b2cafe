namespace IntrospectionAuth.Responses;

/// <summary>The kind of token that a response describes, from an access token to the farthest from one.</summary>
internal enum TokenKind
{
    /// <summary>Nothing contradicts an access token.</summary>
    Access,

    /// <summary>
    /// Its <c>token_use</c> or <c>token_usage</c> is unknown: an access token only if the options say so.
    /// </summary>
    Unknown,

    Refresh,

    /// <summary>An ID token, an authorization code, or a malformed type.</summary>
    Other,
}
