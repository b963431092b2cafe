namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>A clock that stands still, so that an input always has the same result.</summary>
internal sealed class FixedTime : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => FuzzTarget.Now;

    public override long GetTimestamp() => 0;
}
