using IntrospectionAuth.Benchmarks.Native;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>Builds requests of every kind: proper ones, and attacks.</summary>
internal sealed class AttemptBuilder(IReadOnlyList<EnduranceNode> nodes, EnduranceLedger ledger) : IDisposable
{
    private readonly ProofKey _stranger = new();

    public Attempt Any()
    {
        EnduranceNode node = nodes[Random.Shared.Next(nodes.Count)];
        string tenant = AnyTenant();
        EnduranceToken token = ledger.AnyLive(tenant);
        return Random.Shared.Next(100) switch
        {
            < 1 => Anonymous(node, tenant, authorization: null),
            < 2 => Anonymous(node, tenant, "Bearer not a token"),
            < 4 => Proper(node, EnduranceLedger.Invalid(), tenant),
            < 6 => Proper(node, token, TenantNames.Unknown),
            < 11 => Proper(node, token, AnyTenant()),
            < 13 when token.Twin is { } twin => Proper(node, token, twin.Tenant),
            < 23 when ledger.AnyEnded() is var ended => Proper(node, ended, ended.Tenant),
            < 30 => Flawed(node, token),
            _ => Proper(node, token, tenant),
        };
    }

    /// <summary>The request again, on this or another node. A proof is valid for the URL of one node, and so it goes to that URL.</summary>
    public static Attempt Replay(Attempt first, EnduranceNode node) =>
        new()
        {
            Node = node.Number,
            Tenant = first.Tenant,
            Token = first.Token,
            Authorization = first.Authorization,
            Proofs = first.Proofs,
            ReplayOf = first,
            Host = first.Host,
        };

    /// <summary>A request with a valid token, and a proof if the token needs one.</summary>
    public static Attempt Proper(EnduranceNode node, EnduranceToken token, string tenant, Uri? url = null, string method = "GET") =>
        new()
        {
            Node = node.Number,
            Tenant = tenant,
            Token = token,
            Authorization = (token.Key is null ? "Bearer " : "DPoP ") + token.Value,
            Proofs = token.Key is { } key ? [key.Prove(url ?? node.Read, token.Value, method)] : [],
            Host = (url ?? node.Read).Authority,
        };

    public void Dispose() => _stranger.Dispose();

    private static string AnyTenant() => TenantNames.All[Random.Shared.Next(TenantNames.All.Length)];

    private static Attempt Anonymous(EnduranceNode node, string tenant, string? authorization) =>
        new()
        {
            Node = node.Number,
            Tenant = tenant,
            Authorization = authorization,
            IsMalformed = authorization is not null,
            Host = node.Read.Authority,
        };

    private Attempt Flawed(EnduranceNode node, EnduranceToken token)
    {
        if (token.Key is not { } key)
            return With(node, token, ProofFlaw.NotBound, "DPoP ", _stranger.Prove(node.Read, token.Value));

        string good = key.Prove(node.Read, token.Value);
        return (ProofFlaw)Random.Shared.Next((int)ProofFlaw.Method, (int)ProofFlaw.NotBound) switch
        {
            ProofFlaw.Method => With(node, token, ProofFlaw.Method, "DPoP ", key.Prove(node.Read, token.Value, "POST")),
            ProofFlaw.Url => With(node, token, ProofFlaw.Url, "DPoP ", key.Prove(node.Forget, token.Value)),
            ProofFlaw.Token => With(node, token, ProofFlaw.Token, "DPoP ", key.Prove(node.Read, "another")),
            ProofFlaw.Old => With(node, token, ProofFlaw.Old, "DPoP ", key.Prove(node.Read, token.Value, age: TimeSpan.FromSeconds(75))),
            ProofFlaw.Missing => With(node, token, ProofFlaw.Missing, "DPoP "),
            ProofFlaw.Two => With(node, token, ProofFlaw.Two, "DPoP ", good, good),
            ProofFlaw.Bearer => With(node, token, ProofFlaw.Bearer, "Bearer ", good),
            _ => With(node, token, ProofFlaw.Key, "DPoP ", _stranger.Prove(node.Read, token.Value)),
        };
    }

    private static Attempt With(EnduranceNode node, EnduranceToken token, ProofFlaw flaw, string scheme, params string[] proofs) =>
        new()
        {
            Node = node.Number,
            Tenant = token.Tenant,
            Token = token,
            Flaw = flaw,
            Authorization = scheme + token.Value,
            Proofs = proofs,
            Host = node.Read.Authority,
        };
}
