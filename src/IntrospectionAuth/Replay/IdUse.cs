namespace IntrospectionAuth.Replay;

/// <summary>The result of recording the use of an id.</summary>
internal enum IdUse
{
    /// <summary>The id was not used before.</summary>
    First,

    /// <summary>The id was used before, or this can no longer be ruled out.</summary>
    Replayed,

    /// <summary>The store is full, so a later replay could not be detected.</summary>
    StoreFull,
}
