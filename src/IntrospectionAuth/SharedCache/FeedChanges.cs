using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>What a reading of the feed has that the previous one had not.</summary>
internal sealed class FeedChanges
{
    /// <summary>The number of the message before the first one of the reading.</summary>
    public required long First { get; init; }

    /// <summary>Whether the reading does not continue the previous one.</summary>
    public required bool StartsAgain { get; init; }

    /// <summary>Every removal, with the number of its message.</summary>
    public List<(Removal Removal, long Number)> Removals { get; } = [];

    /// <summary>The removals that this node has not made itself.</summary>
    public List<Removal> Others { get; } = [];

    /// <summary>Whether a message was not written by a node of the fleet.</summary>
    public bool HasForeign { get; private set; }

    /// <summary>Whether the engine has lost a message of this node.</summary>
    public bool LacksOwnMessage { get; private set; }

    /// <param name="reading">The reading.</param>
    /// <param name="previous">The previous one.</param>
    /// <param name="secret">The secret of the feed.</param>
    /// <param name="ownMessages">The messages that this node has appended since, by number.</param>
    public static FeedChanges Find(FeedReading reading, FeedReading? previous, FleetSecret secret, Dictionary<long, byte[]> ownMessages)
    {
        long number = reading.Position - reading.Messages.Count;
        bool continues = previous is not null && !reading.HasGap && !reading.IsOther && previous.Position == number;
        var changes = new FeedChanges { First = number, StartsAgain = !continues };
        int own = 0;
        foreach (byte[] message in reading.Messages)
        {
            number++;
            bool isOwn = ownMessages.TryGetValue(number, out byte[]? appended) && appended.AsSpan().SequenceEqual(message);
            if (isOwn)
                own++;
            changes.Add(RemovalMessage.Open(message, secret), number, isOwn);
        }

        changes.LacksOwnMessage = own < ownMessages.Count;
        return changes;
    }

    private void Add(IReadOnlyList<Removal>? removals, long number, bool isOwn)
    {
        if (removals is null)
        {
            HasForeign = true;
            return;
        }

        Removals.AddRange(removals.Select(removal => (removal, number)));
        if (!isOwn)
            Others.AddRange(removals);
    }
}
