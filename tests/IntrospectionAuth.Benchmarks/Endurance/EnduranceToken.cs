using IntrospectionAuth.Benchmarks.Native;
using IntrospectionAuth.Benchmarks.Soak;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>A token of a tenant and its state.</summary>
internal sealed class EnduranceToken : SoakToken
{
    private long _removed = long.MaxValue;

    public required string Tenant { get; init; }

    /// <summary>The number in its subject and session.</summary>
    public required int Number { get; init; }

    public required string Audience { get; init; }

    /// <summary>The key to which it is bound; null for a bearer token.</summary>
    public ProofKey? Key { get; init; }

    /// <summary>A token of another tenant with the same value and another subject.</summary>
    public EnduranceToken? Twin { get; init; }

    public string Session => $"{Tenant}-session-{Number}";

    /// <summary>The number of the node on which it was removed.</summary>
    public int RemovedOn { get; private set; }

    /// <summary>When a node accepted its removal, after it was revoked.</summary>
    public DateTimeOffset RemovedAt =>
        Volatile.Read(ref _removed) is < long.MaxValue and var utc ? new DateTimeOffset(utc, TimeSpan.Zero) : DateTimeOffset.MaxValue;

    /// <summary>Records a removal. That of a token that is still valid costs a call and nothing else.</summary>
    public void Remove(int node, DateTimeOffset acceptedAt)
    {
        if (RevokedAt == DateTimeOffset.MaxValue)
            return;

        RemovedOn = node;
        Volatile.Write(ref _removed, acceptedAt.UtcTicks);
    }

    /// <summary>The token that a tenant's authorization server knows by this value; null if it knows none.</summary>
    public EnduranceToken? AsKnownBy(string tenant) =>
        Tenant == tenant ? this
        : Twin?.Tenant == tenant ? Twin
        : null;
}
