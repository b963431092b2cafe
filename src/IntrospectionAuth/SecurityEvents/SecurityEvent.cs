using IntrospectionAuth.PushedRevocation;

namespace IntrospectionAuth.SecurityEvents;

/// <summary>One event of a security event token. It names users, so this is a class, which no log prints.</summary>
internal sealed class SecurityEvent
{
    /// <summary>The type as a name of ours; null for an event that is not processed.</summary>
    public string? Type { get; init; }

    /// <summary>The tokens that the event revokes; null for an event that revokes none.</summary>
    public RevokedTokens? Tokens { get; init; }

    /// <summary>The <c>state</c> of a verification event.</summary>
    public string? State { get; init; }

    /// <summary>The new status of the stream: a constant of ours.</summary>
    public string? StreamStatus { get; init; }
}
