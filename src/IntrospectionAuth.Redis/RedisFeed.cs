using StackExchange.Redis;

namespace IntrospectionAuth.Redis;

/// <summary>A feed: a list with its latest messages, and the number of the last one.</summary>
/// <remarks>Both keys are in one hash slot of a cluster. A channel announces new messages, and loses some.</remarks>
internal sealed class RedisFeed(string name, EngineClock clock)
{
    // Numbers that other nodes may have read before they were lost, and this one not: far more than it is ever behind.
    private const long ReadByOthers = 1_000_000;

    // More than a feed keeps.
    private const long LongestStretch = 100_000;

    // A reply must arrive within asyncTimeout, a second by default, even if every node of a fleet reads the whole feed at once.
    // A message has up to 16 KiB.
    private const int Page = 200;

    // How often a reading begins again because the feed was lost or restarted meanwhile.
    private const int MostAttempts = 3;

    // Messages that may be appended between the steps of a reading. Each attempt allows for more. Every node reads so many with each
    // removal, so the first margin is small.
    private static readonly int[] s_margins = [2, 64, 2_048];

    private readonly RedisKey _messages = $"{HashTag(name)}:feed";
    private readonly RedisKey _count = $"{HashTag(name)}:count";

    public RedisChannel Channel { get; } = RedisChannel.Literal($"{HashTag(name)}:appended");

    public async Task<long> AppendAsync(IDatabase database, byte[] message, int capacity, CancellationToken cancellationToken)
    {
        ITransaction transaction = database.CreateTransaction();
        Task created = CreateCountAsync(transaction);
        Task pushed = transaction.ListRightPushAsync(_messages, message, flags: CommandFlags.DemandMaster).Observed();
        Task<long> number = transaction.StringIncrementAsync(_count, flags: CommandFlags.DemandMaster).Observed();
        Task trimmed = transaction.ListTrimAsync(_messages, -capacity, -1, CommandFlags.DemandMaster).Observed();
        await ExecuteAsync(transaction, cancellationToken);
        await Task.WhenAll(created, pushed, number, trimmed);

        try
        {
            await database.PublishAsync(Channel, RedisValue.EmptyString, CommandFlags.FireAndForget);
        }
        catch (RedisException)
        {
            // The message is in the feed, which nodes also read without a notification.
        }

        return await number;
    }

    public async Task<FeedReading> ReadAsync(IDatabase database, FeedReading? previous, CancellationToken cancellationToken)
    {
        if (previous is null)
            await clock.ReadAsync(database, cancellationToken); // before the feed may be created

        // Usually nothing is new, and one round trip shows it.
        Task<DateTimeOffset?> time = clock.ReadAsync(database, cancellationToken).Observed();
        Task created = CreateCountAsync(database);
        Task<RedisValue> countReply = database.StringGetAsync(_count, CommandFlags.DemandMaster).Observed();
        Task<RedisValue> latestReply = database.ListGetByIndexAsync(_messages, -1, CommandFlags.DemandMaster).Observed();
        await created.WaitAsync(cancellationToken); // throws if the engine accepts no writes
        long count = (long)await countReply.WaitAsync(cancellationToken);
        byte[]? latest = await latestReply.WaitAsync(cancellationToken);
        DateTimeOffset? engineTime = await time;

        if (previous is not null && count == previous.Position && IsSame(latest, previous.LatestMessage))
        {
            return new FeedReading
            {
                Position = count,
                LatestMessage = latest,
                EngineTime = engineTime,
            };
        }

        // From the latest message of the previous reading, which must still have its number. If it does not, every message is read.
        for (int i = 0; previous is not null && IsNear(count, previous.Position) && i < s_margins.Length; i++)
        {
            long length = count - previous.Position + 1 + s_margins[i];
            Stretch recent = await ReadLastAsync(database, length, cancellationToken);
            if (recent.Follows(previous))
                return recent.ToReading(previous, engineTime, hasGap: false);
            if (recent.First <= previous.Position || recent.Messages.Length < length)
                break;
            count = recent.Last;
        }

        Stretch all = await ReadLastAsync(database, long.MaxValue, cancellationToken);
        return previous is null || all.Follows(previous)
            ? all.ToReading(previous, engineTime, hasGap: false)
            : all.ToReading(previous: null, engineTime, hasGap: true, isOther: all.Contradicts(previous));
    }

    /// <summary>
    /// Continues the numbers by the engine's clock, or higher if they were ahead of it, unless another node has done so or has appended a
    /// message.
    /// </summary>
    public async Task<bool> RestartAsync(IDatabase database, long position, long highest, CancellationToken cancellationToken)
    {
        await clock.ReadAsync(database, cancellationToken);
        long length = await database.ListLengthAsync(_messages, CommandFlags.DemandMaster).Observed().WaitAsync(cancellationToken);
        long number = Math.Max(clock.Number, highest + length + ReadByOthers);
#pragma warning disable SER301 // the compare-and-set of one command needs Redis 8.4
        ITransaction transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(_count, position));
        Task set = transaction.StringSetAsync(_count, number, flags: CommandFlags.DemandMaster).Observed();
        bool isSet = await transaction.ExecuteAsync(CommandFlags.DemandMaster).Observed().WaitAsync(cancellationToken);
        if (isSet)
            await set;
        return isSet;
#pragma warning restore SER301
    }

    /// <summary>
    /// Numbers the first message by the clock, so that a feed that was lost continues with higher numbers. This also proves that the
    /// engine accepts writes: it rejects the command before it finds that the key exists.
    /// </summary>
    private Task<bool> CreateCountAsync(IDatabaseAsync database) =>
        database.StringSetAsync(_count, clock.Number, when: When.NotExists, flags: CommandFlags.DemandMaster).Observed();

    /// <summary>Reads the last messages, at least so many or all. Those that are appended meanwhile are left to the next reading.</summary>
    private async Task<Stretch> ReadLastAsync(IDatabase database, long length, CancellationToken cancellationToken)
    {
        for (int i = 0; i < MostAttempts; i++)
        {
            if (await TryReadLastAsync(database, length, cancellationToken) is { } read)
                return read;
        }

        throw new InvalidOperationException($"The feed '{_messages}' changed while it was read.");
    }

    /// <summary>Reads from the latest message backwards, page by page: messages that are appended meanwhile only move the pages.</summary>
    /// <returns>The messages; null if they are no longer those of the pages before.</returns>
    private async Task<Stretch?> TryReadLastAsync(IDatabase database, long length, CancellationToken cancellationToken)
    {
        long requested = Math.Min(length, Page);
        (long count, Stretch page) = await ReadPageAsync(database, before: 0, requested, cancellationToken);
        long last = page.Last;
        long first = page.First;
        List<byte[][]> pages = [page.Messages];
        while (page.Messages.Length == requested && last - first + 1 < length)
        {
            // Each page has the oldest message of the one before: if it is another one, the engine has lost messages.
            requested = Page + 1;
            (count, page) = await ReadPageAsync(database, before: count - first, requested, cancellationToken);
            if (page.Last < first || count - first > LongestStretch)
                return null;
            if (page.First >= first && page.Messages.Length == requested)
                continue; // more than a page was appended
            if (page.First > first)
                break; // older messages were dropped
            if (!IsSame(page.Messages[first - page.First], pages[^1][0]))
                return null;

            pages.Add(page.Messages[..(int)(first - page.First)]);
            first = page.First;
        }

        pages.Reverse();
        return new Stretch(last, [.. pages.SelectMany(static it => it)]);
    }

    /// <param name="database">The engine.</param>
    /// <param name="before">The number of messages after the page.</param>
    /// <param name="length">The length of the page. It is shorter where the feed begins.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    private async Task<(long Count, Stretch Page)> ReadPageAsync(
        IDatabase database,
        long before,
        long length,
        CancellationToken cancellationToken
    )
    {
        ITransaction transaction = database.CreateTransaction();
        Task created = CreateCountAsync(transaction);
        Task<RedisValue> reply = transaction.StringGetAsync(_count, CommandFlags.DemandMaster).Observed();
        Task<RedisValue[]> messages = transaction
            .ListRangeAsync(_messages, -(before + length), -(before + 1), CommandFlags.DemandMaster)
            .Observed();
        await ExecuteAsync(transaction, cancellationToken);
        await created;
        long count = (long)await reply;
        return (count, new Stretch(count - before, [.. (await messages).Select(static message => (byte[])message!)]));
    }

    private static async Task ExecuteAsync(ITransaction transaction, CancellationToken cancellationToken)
    {
        if (!await transaction.ExecuteAsync(CommandFlags.DemandMaster).Observed().WaitAsync(cancellationToken))
            throw new RedisServerException(RedisErrorKind.ExecAbort, CommandFlags.None, "The transaction was not executed.");
    }

    /// <summary>
    /// Whether a feed can have every message after a position. After a loss or a restart, the numbers may be further apart than Garnet can
    /// count.
    /// </summary>
    private static bool IsNear(long count, long position) => count >= position && count - position < LongestStretch;

    private static string HashTag(string name) => name.Contains('{', StringComparison.Ordinal) ? name : $"{{{name}}}";

    private static bool IsSame(byte[]? one, byte[]? other) =>
        one is null || other is null ? one == other : one.AsSpan().SequenceEqual(other);

    /// <summary>Messages in a row. The last one has the number <paramref name="Last"/>.</summary>
    private readonly record struct Stretch(long Last, byte[][] Messages)
    {
        public long First => Last - Messages.Length + 1;

        /// <summary>Whether every message after an earlier reading is here.</summary>
        public bool Follows(FeedReading previous) =>
            Last >= previous.Position
            && (
                previous.LatestMessage is null
                    ? First == previous.Position + 1
                    : First <= previous.Position && IsSame(Messages[previous.Position - First], previous.LatestMessage)
            );

        /// <summary>Whether a number of the earlier reading belongs to no message or to another one.</summary>
        public bool Contradicts(FeedReading previous) =>
            Last < previous.Position
            || (
                previous.LatestMessage is not null
                && First <= previous.Position
                && !IsSame(Messages[previous.Position - First], previous.LatestMessage)
            );

        public FeedReading ToReading(FeedReading? previous, DateTimeOffset? time, bool hasGap, bool isOther = false) =>
            new()
            {
                Position = Last,
                Messages = previous is null ? Messages : Messages[(int)(previous.Position - First + 1)..],
                LatestMessage = Messages is [.., var latest] ? latest : null,
                HasGap = hasGap,
                IsOther = isOther,
                EngineTime = time,
            };
    }
}
