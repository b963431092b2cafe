namespace IntrospectionAuth.Introspection;

/// <summary>What came of asking: the token is active, it is inactive, or nobody could find out.</summary>
internal sealed class IntrospectionResult
{
    private IntrospectionResult()
    {
    }

    /// <summary>The answer, when the token is active.</summary>
    public IntrospectionResponse? Response { get; private init; }

    /// <summary>Whether the authorization server gave no usable answer.</summary>
    public bool IsUnavailable { get; private init; }

    /// <summary>How long to leave the server alone, when it is unavailable.</summary>
    public TimeSpan RetryAfter { get; private init; }

    /// <summary>What the network or the client authentication threw, when the server is unavailable.</summary>
    public Exception? Exception { get; private init; }

    /// <summary>When the server was asked: what it says may be as old as this.</summary>
    public required DateTimeOffset ObtainedAt { get; init; }

    /// <summary>How long the server allows the answer to be kept; null when it does not say.</summary>
    public TimeSpan? ServerMaximumAge { get; private init; }

    public static IntrospectionResult Active(IntrospectionResponse response, DateTimeOffset obtainedAt, TimeSpan? serverMaximumAge) =>
        new() { Response = response, ObtainedAt = obtainedAt, ServerMaximumAge = serverMaximumAge };

    public static IntrospectionResult Inactive(DateTimeOffset obtainedAt) => new() { ObtainedAt = obtainedAt };

    public static IntrospectionResult Unavailable(DateTimeOffset obtainedAt, TimeSpan retryAfter, Exception? exception = null) =>
        new() { IsUnavailable = true, ObtainedAt = obtainedAt, RetryAfter = retryAfter, Exception = exception };
}
