namespace IntrospectionAuth.Redis.Tests.Engine;

/// <summary>The clock of a node that differs from the engine's.</summary>
internal sealed class ClockAhead(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
