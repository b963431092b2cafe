namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>What is wrong with the way in which a request proves possession of a key.</summary>
internal enum ProofFlaw
{
    None,

    /// <summary>The proof is for another method.</summary>
    Method,

    /// <summary>The proof is for another URL.</summary>
    Url,

    /// <summary>The proof is for another token.</summary>
    Token,

    /// <summary>The proof is older than allowed.</summary>
    Old,

    /// <summary>There is no proof.</summary>
    Missing,

    /// <summary>There are two proofs.</summary>
    Two,

    /// <summary>The bound token is sent as a bearer token.</summary>
    Bearer,

    /// <summary>The proof is signed by another key. Only this one needs the response of the authorization server.</summary>
    Key,

    /// <summary>The token is not bound, and is sent with a valid proof.</summary>
    NotBound,
}
