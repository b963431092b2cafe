namespace IntrospectionAuth.Caching;

/// <summary>Whether a cache entry may be served now. Each state includes the permissions of the ones before it.</summary>
internal enum EntryState
{
    /// <summary>The entry must not be served.</summary>
    Expired,

    /// <summary>The entry may be served while the authorization server is unavailable.</summary>
    Stale,

    /// <summary>The entry may be served.</summary>
    Fresh,

    /// <summary>The entry may be served, and a background refresh is due.</summary>
    RefreshDue,
}
