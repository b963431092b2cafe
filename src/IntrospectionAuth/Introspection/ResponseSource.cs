namespace IntrospectionAuth.Introspection;

/// <summary>Where the response comes from that a decision is based on.</summary>
internal enum ResponseSource
{
    /// <summary>There is none: the token was rejected before a response was needed.</summary>
    None,

    /// <summary>The cache.</summary>
    Cache,

    /// <summary>A call that this request started.</summary>
    Call,

    /// <summary>A call that another request with the same token had started.</summary>
    JoinedCall,

    /// <summary>The cache, although the entry is no longer fresh: the authorization server is unavailable.</summary>
    StaleCache,
}
