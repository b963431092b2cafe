namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>The clock of one node, which differs from the one that the engine and the authorization server have.</summary>
internal sealed class NodeClock(TimeProvider shared, TimeSpan ahead) : TimeProvider
{
    public override long TimestampFrequency => shared.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => shared.GetUtcNow() + ahead;

    public override long GetTimestamp() => shared.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        shared.CreateTimer(callback, state, dueTime, period);
}
