namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>A request to the API and what came of it.</summary>
internal sealed class Exchange
{
    /// <summary>The token that was sent; null when there was none, or something that is no token.</summary>
    public required SoakToken? Token { get; init; }

    /// <summary>Whether something was sent that is no token.</summary>
    public bool IsMalformed { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The status; 0 when there was no answer.</summary>
    public required int Status { get; init; }

    public string Body { get; init; } = "";

    public TimeSpan? RetryAfter { get; init; }
}
