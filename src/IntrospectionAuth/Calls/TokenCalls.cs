namespace IntrospectionAuth.Calls;

/// <summary>What the in-flight calls about one token share. The lock of <see cref="InFlightCalls"/> guards it.</summary>
internal sealed class TokenCalls
{
    public int Count { get; set; }

    /// <summary>The call that requests may join.</summary>
    public InFlightCall? Joinable { get; set; }

    /// <summary>The highest number of a call that has its result; -1 for none.</summary>
    public long NewestResult { get; private set; } = -1;

    /// <summary>The highest number of a call that found the token inactive; -1 for none.</summary>
    public long NewestInactiveResult { get; private set; } = -1;

    public void RecordResult(long number, bool isInactive)
    {
        NewestResult = Math.Max(NewestResult, number);
        if (isInactive)
            NewestInactiveResult = Math.Max(NewestInactiveResult, number);
    }
}
