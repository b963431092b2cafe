namespace IntrospectionAuth.Caching;

/// <summary>What a kept answer is good for now.</summary>
internal enum EntryState
{
    /// <summary>Nothing any more.</summary>
    Expired,

    /// <summary>To serve while the authorization server cannot answer.</summary>
    Stale,

    /// <summary>To serve.</summary>
    Fresh,

    /// <summary>To serve, and to ask again behind the request's back.</summary>
    RefreshDue,
}
