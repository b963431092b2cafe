namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>A request to the API and its response.</summary>
internal sealed class Exchange
{
    /// <summary>The token that was sent; null if there was none or a malformed one.</summary>
    public required SoakToken? Token { get; init; }

    /// <summary>Whether a malformed token was sent.</summary>
    public bool IsMalformed { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The status; 0 if there was no response.</summary>
    public required int Status { get; init; }

    public string Body { get; init; } = "";

    public TimeSpan? RetryAfter { get; init; }
}
