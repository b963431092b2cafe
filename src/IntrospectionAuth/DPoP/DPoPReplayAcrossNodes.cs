namespace IntrospectionAuth;

/// <summary>Whether a DPoP proof is accepted when the other nodes cannot be asked whether it was used.</summary>
public enum DPoPReplayAcrossNodes
{
    /// <summary>
    /// The proof is accepted if it was not used with this node, and a warning is logged. A captured proof can be replayed with another
    /// node.
    /// </summary>
    BestEffort,

    /// <summary>The request gets 503. No proof is accepted twice, but the API depends on the engine of the shared cache.</summary>
    Required,
}
