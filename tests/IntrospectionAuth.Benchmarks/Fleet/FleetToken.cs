namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>A token and its state.</summary>
internal sealed class FleetToken
{
    private long _endBegins = long.MaxValue;
    private long _revoked = long.MaxValue;
    private long _removed = long.MaxValue;

    public required string Value { get; init; }

    /// <summary>The number in its subject and session.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public string Subject => "user-" + Number;

    /// <summary>The node on which it was removed.</summary>
    public FleetNode? RemovedOn { get; private set; }

    /// <summary>The time from which a rejection is allowed.</summary>
    public DateTimeOffset EndsAt => Earlier(Time(ref _endBegins), ExpiresAt);

    /// <summary>The time from which the authorization server responds "inactive".</summary>
    public DateTimeOffset RevokedAt => Time(ref _revoked);

    /// <summary>When a node accepted the removal with 200.</summary>
    public DateTimeOffset RemovedAt => Time(ref _removed);

    public void Revoke(Action<string> revoke, TimeProvider clock)
    {
        Volatile.Write(ref _endBegins, clock.GetUtcNow().UtcTicks);
        revoke(Value);
        Volatile.Write(ref _revoked, clock.GetUtcNow().UtcTicks);
    }

    public void Remove(FleetNode node, DateTimeOffset acceptedAt)
    {
        RemovedOn = node;
        Volatile.Write(ref _removed, acceptedAt.UtcTicks);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Time(ref long ticks) =>
        Volatile.Read(ref ticks) is < long.MaxValue and var utc ? new DateTimeOffset(utc, TimeSpan.Zero) : DateTimeOffset.MaxValue;
}
