namespace IntrospectionAuth;

/// <summary>What a node has read of the feed of an <see cref="IFleetEngine"/>.</summary>
public sealed class FeedReading
{
    /// <summary>Gets the number of the latest message of the feed.</summary>
    public required long Position { get; init; }

    /// <summary>Gets the messages after the previous reading, in order. The last one has the number <see cref="Position"/>.</summary>
    public IReadOnlyList<byte[]> Messages { get; init; } = [];

    /// <summary>Gets the latest message of the feed; null when the feed is empty.</summary>
    /// <remarks>The next reading compares it, to detect that the engine has lost messages and reused their numbers.</remarks>
    public byte[]? LatestMessage { get; init; }

    /// <summary>Gets whether messages after the previous reading are missing.</summary>
    /// <value>The default is <see langword="false"/>. If true, <see cref="Messages"/> has every message that the feed keeps.</value>
    public bool HasGap { get; init; }

    /// <summary>Gets whether the feed is not the one that was read before: it has other messages with the same numbers.</summary>
    /// <value>The default is <see langword="false"/>. If true, <see cref="Messages"/> has every message that the feed keeps.</value>
    /// <remarks>An engine that restarts from a snapshot or fails over may lose messages, and give their numbers to others.</remarks>
    public bool IsOther { get; init; }

    /// <summary>Gets the time of the engine's clock; null when the engine does not report it.</summary>
    public DateTimeOffset? EngineTime { get; init; }
}
