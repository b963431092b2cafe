using IntrospectionAuth.Removals;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.SharedCache;

/// <summary>Follows the feed of one secret: appends the removals of this node, and applies those of the others.</summary>
/// <remarks>
/// <para>One loop reads and appends, so that removals are applied in the order of their numbers. These are its rules:</para>
/// <list type="number">
/// <item>A removal takes effect in this process first. It is pending until its message is read back with its number.</item>
/// <item>
/// <see cref="CoveredUntil"/> is the time before the latest reading that succeeded: every removal that was appended until then is applied.
/// Responses are not used for longer than the patience after it.
/// </item>
/// <item>
/// A node that could not read for that long, or that misses messages, drops every response in its memory when it reads again: a removal
/// may not have been appended yet. For the same reason it uses no shared entry from before that reading.
/// </item>
/// <item>
/// When messages are missing, the node appends its removals of the last minute again: an engine that fails over may have lost them.
/// </item>
/// <item>A message that cannot be decrypted was not written by this fleet: it is skipped. One of a later release removes everything.</item>
/// </list>
/// </remarks>
internal sealed class RemovalFeed(
    FleetSecret secret,
    IFleetEngine engine,
    TimeSpan patience,
    EngineCondition condition,
    TimeProvider time,
    ILogger logger,
    Action<IReadOnlyList<Removal>> apply
) : IAsyncDisposable
{
    /// <summary>The number of messages that the engine keeps, and of removals that each node keeps.</summary>
    public const int Capacity = 100_000;

    private static readonly TimeSpan s_longestInterval = TimeSpan.FromMilliseconds(300);

    // Applying removals reads every entry in memory, so those of a busy fleet are applied together.
    private static readonly TimeSpan s_pauseAfterApplying = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly RemovalLog _log = new(Capacity);
    private readonly HashSet<long> _ownNumbers = [];
    private readonly RareMessage _foreignMessage = new(time);
    private volatile TaskCompletionSource _wakeUp = NewSignal();
    private PendingRemovals? _pending;
    private FeedReading? _reading;
    private bool _hasApplied;
    private long _coveredUntil = DateTimeOffset.MinValue.UtcTicks;
    private Task _following = Task.CompletedTask;

    public FleetSecret Secret => secret;

    /// <summary>The time until which every removal of the fleet is applied in this process; in ticks, UTC.</summary>
    public long CoveredUntil => Volatile.Read(ref _coveredUntil);

    /// <summary>The number of the latest message that was read; null before the first reading.</summary>
    public long? Position => _log.Position;

    /// <summary>How far the clock of this node is ahead of the engine's; zero when it is not known.</summary>
    public TimeSpan ClockDifference { get; private set; }

    private PendingRemovals Pending => LazyInitializer.EnsureInitialized(ref _pending, () => new PendingRemovals(_log, time));

    public RemovalFeed Start()
    {
        _following = Task.Run(FollowAsync);
        return this;
    }

    /// <summary>Appends a removal, at once or as soon as the engine accepts it.</summary>
    public void Append(Removal removal)
    {
        Pending.Add(removal);
        WakeUp();
    }

    /// <summary>Whether the response was removed, or may have been.</summary>
    public bool IsRemoved(in SharedResponse response) => _log.IsRemoved(response, response.Stamp.PositionIn(secret.Id));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        WakeUp();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void WakeUp() => _wakeUp.TrySetResult();

    private async Task FollowAsync()
    {
        var subscription = new FeedSubscription(engine, secret.FeedName, WakeUp, time);
        while (!_stopping.IsCancellationRequested)
        {
            TaskCompletionSource wakeUp = _wakeUp = NewSignal();
            _hasApplied = false;
            bool hasMore = await ReadAsync(subscription) && await AppendPendingAsync();
            if (_hasApplied && !_stopping.IsCancellationRequested)
                await Task.Delay(s_pauseAfterApplying, time, _stopping.Token);
            if (!hasMore)
                await WaitAsync(wakeUp.Task);
        }
    }

    private async Task WaitAsync(Task wakeUp)
    {
        TimeSpan interval = patience / 4 < s_longestInterval ? patience / 4 : s_longestInterval;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        await Task.WhenAny(wakeUp, Task.Delay(interval, time, end.Token));
        await end.CancelAsync(); // ends the timer
    }

    /// <returns>Whether the feed was read.</returns>
    private async Task<bool> ReadAsync(FeedSubscription subscription)
    {
        DateTimeOffset begunAt = time.GetUtcNow();
        try
        {
            await subscription.EnsureAsync(begunAt);
            FeedReading reading = await TimeLimited.RunAsync(
                it => engine.ReadAsync(secret.FeedName, _reading, it),
                s_timeout,
                time,
                _stopping.Token
            );
            Apply(reading, begunAt);
            condition.Works(EngineUse.Feed);
            return true;
        }
        catch (Exception exception)
        {
            if (!_stopping.IsCancellationRequested)
                condition.Fails(EngineUse.Feed, exception);
            return false;
        }
    }

    private void Apply(FeedReading reading, DateTimeOffset begunAt)
    {
        bool isFirst = _reading is null;
        bool wasLost = !isFirst && begunAt.UtcTicks - CoveredUntil >= patience.Ticks;
        bool startsAgain = isFirst || wasLost || reading.HasGap;

        long number = reading.Position - reading.Messages.Count;
        if (isFirst || reading.HasGap)
            _log.Begin(number);

        int foreign = 0;
        List<Removal> others = startsAgain ? [Removal.Everything] : [];
        foreach (byte[] message in reading.Messages)
        {
            number++;
            if (RemovalMessage.Open(message, secret) is { } removals)
            {
                _log.Add(removals, number);
                if (!_ownNumbers.Remove(number) && !startsAgain)
                    others.AddRange(removals);
            }
            else
            {
                foreign++;
            }
        }

        if (foreign > 0 && _foreignMessage.IsDue(default))
            logger.ForeignFeedMessage(engine.Name);
        if (wasLost)
            _log.Begin(reading.Position);
        if (reading.HasGap)
        {
            _ownNumbers.Clear();
            Pending.Repeat();
        }

        if (others.Count > 0)
        {
            apply(others);
            _hasApplied = true;
        }

        ClockDifference = reading.EngineTime is { } engineTime ? begunAt - engineTime : ClockDifference;
        _reading = reading;
        Volatile.Write(ref _coveredUntil, begunAt.UtcTicks);
    }

    /// <returns>Whether something was appended, so that the feed is to be read again at once.</returns>
    private async Task<bool> AppendPendingAsync()
    {
        Removal[] removals = Pending.Take();
        if (removals.Length == 0)
            return false;

        try
        {
            byte[] message = RemovalMessage.Seal(removals, secret);
            long number = await TimeLimited.RunAsync(it => engine.AppendAsync(secret.FeedName, message, Capacity, it), s_timeout, time);
            _ownNumbers.Add(number);
            Pending.End(removals, number);
            condition.Works(EngineUse.Removals);
            return true;
        }
        catch (Exception exception)
        {
            // The engine may have appended the message nevertheless. Then it is appended twice.
            Pending.Return(removals);
            if (!_stopping.IsCancellationRequested)
                condition.Fails(EngineUse.Removals, exception);
            return false;
        }
    }
}
