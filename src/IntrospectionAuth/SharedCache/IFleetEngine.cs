namespace IntrospectionAuth;

/// <summary>An engine that also coordinates nodes: it adds keys atomically, and has feeds of messages in one order.</summary>
/// <remarks>
/// A feed numbers its messages without gaps: each message has the number of the one before it plus 1. When an engine creates a feed, or
/// creates it again after it was lost, the first number must be higher than all earlier ones; the Unix time in microseconds serves.
/// </remarks>
public interface IFleetEngine : ISharedCacheEngine
{
    /// <summary>Stores a value unless the key exists, in one atomic step.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="lifetime">When the engine removes the value, counted from now; at least 1 millisecond.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>Whether the value was stored. It is false when the key exists.</returns>
    Task<bool> TryAddAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Appends a message to a feed, and notifies the nodes that have subscribed.</summary>
    /// <param name="feed">The name of the feed.</param>
    /// <param name="message">The message.</param>
    /// <param name="capacity">The number of messages that the feed keeps. Older ones are dropped.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The number of the message.</returns>
    Task<long> AppendAsync(string feed, byte[] message, int capacity, CancellationToken cancellationToken);

    /// <summary>Reads the messages that were appended since an earlier reading.</summary>
    /// <param name="feed">The name of the feed.</param>
    /// <param name="previous">The earlier reading; null reads every message that the feed keeps.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The messages.</returns>
    /// <exception cref="Exception">
    /// The engine cannot be read, or it accepts no writes. In the second case other nodes could not report removals either, so a reading
    /// without messages would prove nothing.
    /// </exception>
    Task<FeedReading> ReadAsync(string feed, FeedReading? previous, CancellationToken cancellationToken);

    /// <summary>Lets the numbers of a feed continue higher than any that it may have used before.</summary>
    /// <param name="feed">The name of the feed.</param>
    /// <param name="position">The number of the latest message.</param>
    /// <param name="highest">
    /// The highest number that the caller has ever read. Afterwards every message that the feed keeps has a higher one, and the next
    /// readings are one with <see cref="FeedReading.HasGap"/> and without <see cref="FeedReading.IsOther"/>, then those that follow it.
    /// </param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>
    /// Whether the numbers are new. It is false when the latest message has another number by now: the caller reads the feed again.
    /// </returns>
    /// <remarks>Called after a reading with <see cref="FeedReading.IsOther"/>, by each node, and possibly by several at once.</remarks>
    Task<bool> RestartAsync(string feed, long position, long highest, CancellationToken cancellationToken);

    /// <summary>Subscribes to notifications about new messages. They may get lost: nodes also read the feed regularly.</summary>
    /// <param name="feed">The name of the feed.</param>
    /// <param name="onAppended">Called after a message was appended. It does not block and does not throw.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The subscription, once it is made. Disposing it ends it; so does the end of the engine.</returns>
    Task<IAsyncDisposable> SubscribeAsync(string feed, Action onAppended, CancellationToken cancellationToken);
}
