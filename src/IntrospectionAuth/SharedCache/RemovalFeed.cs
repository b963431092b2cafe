using IntrospectionAuth.Removals;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.SharedCache;

/// <summary>Follows the feed of one secret: appends the removals of this node, and applies those of the others.</summary>
/// <remarks>
/// <para>One loop reads and appends, so that removals are applied in the order of their numbers. These are its rules:</para>
/// <list type="number">
/// <item>A removal takes effect in this process first. It is pending until the engine has given its message a number.</item>
/// <item>
/// <see cref="CoveredUntil"/> is the time before the latest reading that succeeded: every removal that was appended until then is applied.
/// Responses are not used for longer than the patience after it.
/// </item>
/// <item>
/// A node that could not read for that long, also since it started, drops every response in its memory when it reads again: a removal may
/// not have been appended yet. For the same reason it uses no shared entry from before that reading. It appends a message, so that later
/// entries have a higher position.
/// </item>
/// <item>
/// A node that misses messages also drops its memory, and uses only entries that it can compare with the messages that are left. If the
/// feed is another one than before, because the engine has lost messages and gives their numbers to others, it uses no entry until the
/// numbers are restarted: the next ones are higher than any before. It never uses an entry whose number the feed cannot have reached.
/// </item>
/// <item>
/// In both cases, and when an own message is missing, it appends the removals of the last minute that the feed does not have, after new
/// ones.
/// </item>
/// <item>A message that cannot be decrypted was not written by this fleet: it is skipped. One of a later release removes everything.</item>
/// </list>
/// </remarks>
internal sealed class RemovalFeed(
    FleetSecret secret,
    IFleetEngine engine,
    EngineBreaker breaker,
    FleetMetrics metrics,
    TimeProvider time,
    ILogger logger,
    Action<IReadOnlyList<Removal>> apply
) : IAsyncDisposable
{
    /// <summary>The number of removals that each node keeps to compare entries with.</summary>
    public const int MaximumRemovals = 100_000;

    private static readonly TimeSpan s_longestInterval = TimeSpan.FromMilliseconds(300);

    // Applying removals reads every entry in memory, so those of a busy fleet are applied together.
    private static readonly TimeSpan s_pauseAfterApplying = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stopping = new();
    private readonly RemovalLog _log = new(MaximumRemovals);
    private readonly RareMessage _foreignMessage = new(time);
    private readonly FeedReader _reader = new(engine, secret.FeedName, time);
    private LoopSignal? _signal;
    private FeedAppender? _appender;
    private bool _hasApplied;
    private long _readAt; // or started; a timestamp, which no change of the wall clock affects
    private long _coveredUntil;
    private Task _following = Task.CompletedTask;

    public FleetSecret Secret => secret;

    public TimeProvider Time => time;

    /// <summary>The shortest <see cref="OAuthIntrospectionSharedCacheOptions.FeedPatience"/> of the fleets that use the feed.</summary>
    public required TimeSpan Patience { get; set; }

    /// <summary>The time until which every removal of the fleet is applied in this process; in ticks, UTC.</summary>
    public long CoveredUntil => Volatile.Read(ref _coveredUntil);

    /// <summary>The number of the latest message that was read; null while no entry can be compared.</summary>
    public long? Position => _log.Position;

    /// <summary>How far the clock of this node is ahead of the engine's; zero when it is not known.</summary>
    public TimeSpan ClockDifference { get; private set; }

    /// <summary>The removals of this node that the engine does not have yet.</summary>
    public IReadOnlyList<Removal> Unreported => Appender.Unreported;

    private FeedAppender Appender => LazyInitializer.EnsureInitialized(ref _appender, () => CreateAppender(_log));

    private LoopSignal Signal => LazyInitializer.EnsureInitialized(ref _signal, () => new LoopSignal(time, _stopping.Token));

    public RemovalFeed Start()
    {
        // Responses from before, which are in memory if a reload starts the feed, are used for the patience until it is read.
        _coveredUntil = time.GetUtcNow().UtcTicks;
        _readAt = time.GetTimestamp();
        using (ExecutionContext.SuppressFlow()) // the loop belongs to no request
            _following = Task.Run(FollowAsync);
        return this;
    }

    /// <summary>Creates an appender to the same feed that works without this object.</summary>
    public FeedAppender CreateAppender() => CreateAppender(new RemovalLog(MaximumRemovals));

    /// <summary>Appends a removal, at once or as soon as the engine accepts it.</summary>
    public void Append(Removal removal)
    {
        Appender.Add(removal);
        Signal.Set();
    }

    /// <summary>Whether the feed was read after a time, by the wall clock. Every cache hit calls it.</summary>
    public bool IsCoveredSince(long oldest, long now)
    {
        long coveredUntil = CoveredUntil;
        if (coveredUntil <= oldest)
            return false;

        // The wall clock may have been set back. If it says that the feed was read just now, that is wrong for a second at most. Otherwise
        // the timestamp decides, too.
        return (ulong)(now - coveredUntil) < TimeSpan.TicksPerSecond
            || time.GetElapsedTime(Volatile.Read(ref _readAt)).Ticks < now - oldest;
    }

    /// <summary>Whether the response was removed, or may have been.</summary>
    /// <param name="response">The response.</param>
    /// <param name="isFirst">Whether this node appends to this feed.</param>
    public bool IsRemoved(in SharedResponse response, bool isFirst)
    {
        // Another node may have read further, but not by more than the feed keeps: if it seems so, the numbers have gone down.
        if (response.Stamp.PositionIn(secret.Id) is { } position)
            return _log.IsRemoved(response, position) || position > _log.Position + FeedAppender.Capacity;
        return isFirst || !_log.IsEmpty; // a new secret, to whose feed no node appends yet
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (await Appender.AppendAsync()) { } // until nothing is pending, or the engine fails
        _stopping.Dispose();
    }

    private FeedAppender CreateAppender(RemovalLog log) => new(secret, engine, log, breaker.Condition, metrics, time);

    private async Task FollowAsync()
    {
        await using var subscription = new FeedSubscription(engine, secret.FeedName, Signal.Set, time);
        while (!_stopping.IsCancellationRequested)
            await FollowOnceAsync(subscription).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a logger may throw
    }

    private async Task FollowOnceAsync(FeedSubscription subscription)
    {
        TimeSpan interval = Patience / 4 < s_longestInterval ? Patience / 4 : s_longestInterval;
        bool hasMore = false;
        Signal.BeginRound();
        try
        {
            _hasApplied = false;
            subscription.Ensure();
            hasMore = await ReadAsync() && await Appender.AppendAsync();
        }
        finally
        {
            if (_hasApplied)
                await Signal.PauseAsync(s_pauseAfterApplying);
            if (!hasMore)
                await Signal.WaitAsync(interval);
        }
    }

    /// <returns>Whether the feed was read.</returns>
    private async Task<bool> ReadAsync()
    {
        DateTimeOffset begunAt = time.GetUtcNow();
        long timestamp = time.GetTimestamp();
        long recoveries = breaker.Condition.Recoveries;
        try
        {
            FeedReading reading = await _reader.ReadAsync(_stopping.Token);
            Apply(reading, begunAt, timestamp);
            breaker.Condition.Works(EngineUse.Feed);
            _ = breaker.ProbeAsync(engine); // not awaited, because the engine may hang
            return true;
        }
        catch (Exception exception)
        {
            if (_stopping.IsCancellationRequested)
                return false;

            metrics.OperationFailed("read", exception);
            breaker.Condition.Fails(EngineUse.Feed, exception, recoveries);
            return false;
        }
    }

    private void Apply(FeedReading reading, DateTimeOffset begunAt, long timestamp)
    {
        FeedReading? previous = _reader.Latest;
        FeedChanges changes = FeedChanges.Find(reading, previous, secret, Appender.Unread);
        TimeSpan patience = Patience;
        bool wasLost = begunAt.UtcTicks - CoveredUntil >= patience.Ticks || time.GetElapsedTime(_readAt) >= patience;

        long? oldestComparable =
            _reader.RepeatsNumbers(reading) ? RemovalLog.Never
            : wasLost ? reading.Position + 1
            : changes.StartsAgain ? changes.First
            : null;
        _log.Add(changes.Removals, reading.Position, oldestComparable);
        if (wasLost)
            Appender.AddMarker();
        Appender.Note(changes, mayHaveLost: reading.HasGap || reading.IsOther);
        if (changes.HasForeign && _foreignMessage.IsDue(default))
            logger.ForeignFeedMessage(engine.Name);
        else if (!changes.HasForeign)
            _foreignMessage.End();

        bool isWhole = previous is null && reading.Messages.Count < FeedAppender.Capacity;
        bool dropsAll = wasLost || (changes.StartsAgain && !isWhole);
        List<Removal> others = dropsAll ? [Removal.Everything] : changes.Others;
        _hasApplied = others.Count > 0;
        if (_hasApplied)
            apply(others);

        ClockDifference = reading.EngineTime is { } engineTime ? begunAt - engineTime : ClockDifference;
        _reader.Applied(reading);
        Volatile.Write(ref _readAt, timestamp);
        Volatile.Write(ref _coveredUntil, begunAt.UtcTicks);
    }
}
