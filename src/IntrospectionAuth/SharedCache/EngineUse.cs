namespace IntrospectionAuth.SharedCache;

/// <summary>What the engine is used for. Each use can fail alone.</summary>
internal enum EngineUse
{
    /// <summary>Operations that a request waits for.</summary>
    Requests,

    /// <summary>Reading the feed of removals.</summary>
    Feed,

    /// <summary>Reporting removals to other nodes.</summary>
    Removals,
}
