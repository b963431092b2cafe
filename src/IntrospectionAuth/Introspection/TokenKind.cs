namespace IntrospectionAuth.Introspection;

/// <summary>What an answer says that the token is.</summary>
internal enum TokenKind
{
    /// <summary>Nothing contradicts an access token.</summary>
    Access,

    Refresh,

    /// <summary>An ID token, an authorization code, or a type that cannot be understood.</summary>
    Other,
}
