namespace IntrospectionAuth.SharedCache;

/// <summary>Which node asks the authorization server about a token.</summary>
internal enum LeaseState
{
    /// <summary>There are no leases: the engine grants none, or does not respond.</summary>
    None,

    /// <summary>This node holds the lease.</summary>
    Held,

    /// <summary>Another node holds the lease.</summary>
    HeldElsewhere,
}
