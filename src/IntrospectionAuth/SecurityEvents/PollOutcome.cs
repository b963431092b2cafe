namespace IntrospectionAuth.SecurityEvents;

/// <summary>The response to a poll, or why there is none.</summary>
internal sealed class PollOutcome
{
    public PollResponse? Response { get; init; }

    /// <summary>Continues "the events cannot be polled:". It holds nothing that the transmitter sent.</summary>
    public string? Fault { get; init; }

    public Exception? Exception { get; init; }

    /// <summary>How long the transmitter asks to wait.</summary>
    public TimeSpan? RequestedDelay { get; init; }

    /// <summary>Whether the transmitter refuses the request itself, so that it would refuse its acknowledgements again.</summary>
    public bool IsRefused { get; init; }
}
