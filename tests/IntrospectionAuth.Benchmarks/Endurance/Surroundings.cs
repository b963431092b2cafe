using IntrospectionAuth.Benchmarks.Fleet;
using IntrospectionAuth.Benchmarks.Soak;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>What a response depends on, apart from tokens: faults, and settings that change.</summary>
internal sealed class Surroundings(IReadOnlyDictionary<string, TenantServer> servers, int nodes)
{
    // Every tenant has a request within this time, unless the machine is busy.
    private static readonly TimeSpan s_resolution = TimeSpan.FromSeconds(10);

    /// <summary>When the feed of removals does not work, and on which nodes.</summary>
    public FaultWindows Feed { get; } = new();

    /// <summary>When the engine fails, forgets or does not respond.</summary>
    public FaultLog Engine { get; } = new();

    /// <summary>When each node does not run, the first is node 1.</summary>
    public FaultLog[] Down { get; } = [.. Enumerable.Range(0, nodes).Select(static _ => new FaultLog())];

    /// <summary>When each node, or this process, had no processor time.</summary>
    public FaultLog[] Stalls { get; } = [.. Enumerable.Range(0, nodes).Select(static _ => new FaultLog())];

    /// <summary>When the settings of the nodes are invalid.</summary>
    public FaultLog InvalidSettings { get; } = new();

    /// <summary>Held while settings are invalid, and while a node starts, which would fail with such settings.</summary>
    public SemaphoreSlim Starting { get; } = new(1, 1);

    /// <summary>The audience that the tenant gamma requires.</summary>
    public ChangingSetting Audience { get; } = new(TenantNames.Audience);

    /// <summary>Whether there is the tenant epsilon.</summary>
    public ChangingSetting Guest { get; } = new(TenantNames.Present);

    public IReadOnlyDictionary<string, TenantServer> Servers => servers;

    public ChangingSetting? AudienceOf(string tenant) => tenant == TenantNames.Plain ? Audience : null;

    public bool MayKnow(Attempt attempt) =>
        attempt.Tenant == TenantNames.Guest ? Guest.MayBe(TenantNames.Present, attempt) : servers.ContainsKey(attempt.Tenant);

    public bool MayNotKnow(Attempt attempt) =>
        attempt.Tenant == TenantNames.Guest ? Guest.MayDiffer(TenantNames.Present, attempt) : !servers.ContainsKey(attempt.Tenant);

    /// <summary>
    /// While the settings of the scheme are invalid, tenants that are in use continue, and others get 503: unknown ones, and those of a
    /// node that has just started or had no time to resolve them.
    /// </summary>
    public bool MayNotResolve(Attempt attempt)
    {
        DateTimeOffset from = attempt.SentAt - s_resolution;
        return InvalidSettings.Excuse(attempt.SentAt, attempt.ReceivedAt)
            && (
                MayNotKnow(attempt)
                || Down[attempt.Node - 1].Excuse(from, attempt.ReceivedAt)
                || MayBeLate(attempt.Node, from, attempt.ReceivedAt)
            );
    }

    /// <summary>Whether a node had no processor time at any time in between, so that what it did may have come too late.</summary>
    public bool MayBeLate(int node, DateTimeOffset from, DateTimeOffset to) => Stalls[node - 1].Excuse(from, to);

    /// <summary>Whether the authorization server of the attempt's tenant may fail meanwhile, or the node stops.</summary>
    public bool MayFail(Attempt attempt) =>
        Down[attempt.Node - 1].Excuse(attempt.SentAt, attempt.ReceivedAt)
        || MayBeLate(attempt.Node, attempt.SentAt, attempt.ReceivedAt)
        || servers.TryGetValue(attempt.Tenant, out TenantServer? server)
            && (
                server.Faults.Excuse(attempt.SentAt, attempt.ReceivedAt)
                || (attempt.Tenant == TenantNames.Signed && server.Rotations.Excuse(attempt.SentAt, attempt.ReceivedAt))
            );
}
