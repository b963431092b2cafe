using IntrospectionAuth.Removals;
using IntrospectionAuth.Telemetry;
using IntrospectionAuth.TenantResolution;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.PushedRevocation;

/// <summary>Applies the events of every source, and reports each of them once: one measurement, one message.</summary>
/// <remarks>What a caller can cause without proof of its origin, or at will, is logged at most once a minute.</remarks>
internal sealed class PushedEvents(
    RevocableEntries entries,
    RepeatedRemovals repeated,
    IntrospectionMetrics metrics,
    RareMessages rare,
    TimeProvider time,
    ILogger<PushedEvents> logger
)
{
    /// <summary>The tag of an event whose type is unknown: the types of a sender are not bounded.</summary>
    private const string OtherType = "other";

    /// <summary>Removes the cache entries of the tokens that an event revokes.</summary>
    /// <param name="source">The endpoint, as in logs and metrics.</param>
    /// <param name="type">A known type of event.</param>
    /// <param name="tokens">The tokens.</param>
    public void Apply(string source, string type, RevokedTokens tokens)
    {
        Removal[] removals = [.. tokens.ToRemovals()];
        int removed = entries.Remove(removals);
        repeated.Add(removals);

        metrics.EventPushed(source, type, "removed");
        logger.TokensRevoked(source, type, removed);
    }

    /// <summary>Reports an event that removes nothing, and is none the less valid.</summary>
    /// <param name="source">The endpoint.</param>
    /// <param name="type">A known type of event; null for any other.</param>
    /// <param name="reason">Continues "the event removed nothing:".</param>
    public void Ignore(string source, string? type, string reason)
    {
        metrics.EventPushed(source, type ?? OtherType, "ignored");
        if (rare.IsDue(source, $"{nameof(Log.EventIgnored)} {type}", time, out long suppressed))
            logger.EventIgnored(source, type ?? OtherType, reason, suppressed);
    }

    /// <summary>Reports an event that may revoke tokens, but does not say which in a way that is supported.</summary>
    public void Skip(string source, string type)
    {
        metrics.EventPushed(source, type, "not_supported");
        if (rare.IsDue(source, nameof(Log.SubjectNotSupported), time, out long suppressed))
            logger.SubjectNotSupported(source, type, suppressed);
    }

    /// <summary>Reports that the sender changed the status of the stream of events.</summary>
    public void ReportStream(string source, string type, string status)
    {
        metrics.EventPushed(source, type, "ignored");
        logger.StreamUpdated(source, status);
    }

    /// <summary>Reports a request that carries no valid event.</summary>
    /// <param name="source">The endpoint.</param>
    /// <param name="fault">Continues "an event was rejected:". It holds nothing that was sent.</param>
    public void Reject(string source, string fault)
    {
        metrics.EventPushed(source, OtherType, "rejected");
        if (rare.IsDue(source, nameof(Log.EventRejected), time, out long suppressed))
            logger.EventRejected(source, fault.TrimEnd('.'), suppressed);
    }
}
