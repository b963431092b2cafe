namespace IntrospectionAuth.DPoP;

/// <summary>The result of recording the use of a proof.</summary>
internal enum ProofUse
{
    /// <summary>The proof was not used before.</summary>
    First,

    /// <summary>The proof was used before, or this can no longer be ruled out.</summary>
    Replayed,

    /// <summary>The store is full, so a later replay could not be detected.</summary>
    StoreFull,
}
