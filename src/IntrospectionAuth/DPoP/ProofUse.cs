namespace IntrospectionAuth.DPoP;

/// <summary>What became of an attempt to use a proof.</summary>
internal enum ProofUse
{
    /// <summary>Nobody has used it before.</summary>
    First,

    /// <summary>It was used before, as far as can be known.</summary>
    Again,

    /// <summary>So many are remembered that one more has no place: whether it is used again could not be found out later.</summary>
    NoRoom,
}
