using IntrospectionAuth.Benchmarks.Native;
using IntrospectionAuth.Benchmarks.OneShot;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>The tokens of all tenants: live ones, and those that have expired, were revoked or removed.</summary>
internal sealed class EnduranceLedger
{
    private const int LiveOfTenant = 60,
        Ended = 300;

    private readonly IReadOnlyDictionary<string, TenantServer> _servers;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, EnduranceToken[]> _live;
    private readonly EnduranceToken[] _ended = new EnduranceToken[Ended];
    private int _issued,
        _lastEnded;

    public EnduranceLedger(IReadOnlyDictionary<string, TenantServer> servers, TimeProvider clock)
    {
        (_servers, _clock) = (servers, clock);
        _live = servers.Keys.ToDictionary(
            static name => name,
            name => Enumerable.Range(0, LiveOfTenant).Select(_ => Issue(name)).ToArray(),
            StringComparer.Ordinal
        );
        Array.Fill(_ended, Invalid());
        Administrators = servers.Keys.ToDictionary(
            static name => name,
            name => Issue(name, TimeSpan.FromDays(1), "admin"),
            StringComparer.Ordinal
        );
    }

    public int Issued => _issued;

    /// <summary>For each tenant a token that may remove others.</summary>
    public IReadOnlyDictionary<string, EnduranceToken> Administrators { get; }

    public EnduranceToken AnyLive(string tenant) => Volatile.Read(ref _live[tenant][Random.Shared.Next(LiveOfTenant)]);

    public EnduranceToken AnyEnded() => Volatile.Read(ref _ended[Random.Shared.Next(Ended)]);

    /// <summary>A token that no server has issued.</summary>
    public static EnduranceToken Invalid() =>
        new()
        {
            Value = InvalidTokens.Create(),
            Subject = null,
            HasScope = true,
            ExpiresAt = DateTimeOffset.MinValue,
            Tenant = TenantNames.Plain,
            Number = 0,
            Audience = TenantNames.Audience,
        };

    /// <summary>
    /// Replaces ended tokens. The authorization servers call expired ones active until they are forgotten here, so that only the nodes
    /// reject them.
    /// </summary>
    public void Renew()
    {
        foreach ((string tenant, EnduranceToken[] live) in _live)
        {
            for (int i = 0; i < LiveOfTenant; i++)
            {
                EnduranceToken token = live[i];
                if (token.EndsAt > _clock.GetUtcNow())
                    continue;

                Volatile.Write(ref live[i], Issue(tenant));
                ref EnduranceToken place = ref _ended[_lastEnded++ % Ended];
                Forget(place);
                Volatile.Write(ref place, token);
            }

            _servers[tenant].Server.ClearCalls();
        }
    }

    public void Revoke(EnduranceToken token) => token.Revoke(value => _servers[token.Tenant].Server.Revoke(value), _clock);

    private void Forget(EnduranceToken token)
    {
        foreach (EnduranceToken? issued in (EnduranceToken?[])[token, token.Twin])
        {
            if (issued is { Subject: not null, RevokedAt.Ticks: var revoked } && revoked == DateTimeOffset.MaxValue.Ticks)
                Revoke(issued);
        }
    }

    private EnduranceToken Issue(string tenant)
    {
        int number = _issued;
        // Every sixth token of gamma has a twin at delta: the same value, and another user.
        EnduranceToken? twin = tenant == TenantNames.Plain && number % 6 == 0 ? Issue(TenantNames.Pushing) : null;
        TimeSpan lifetime = TimeSpan.FromSeconds(Random.Shared.Next(30, 120));
        return Issue(tenant, lifetime, number % 20 == 7 ? "write" : "read", twin);
    }

    private EnduranceToken Issue(string tenant, TimeSpan lifetime, string scope, EnduranceToken? twin = null)
    {
        int number = Interlocked.Increment(ref _issued);
        ProofKey? key = tenant == TenantNames.Bound ? new ProofKey() : null;
        DateTimeOffset expiresAt = DateTimeOffset.FromUnixTimeSeconds((_clock.GetUtcNow() + lifetime).ToUnixTimeSeconds());
        bool isForOther = scope == "read" && number % (tenant == TenantNames.Plain ? 2 : 12) == 1;
        var token = new EnduranceToken
        {
            Value = twin?.Value ?? InvalidTokens.Create(),
            Subject = $"{tenant}-user-{number}",
            HasScope = scope == "read",
            ExpiresAt = expiresAt,
            Tenant = tenant,
            Number = number,
            Audience = isForOther ? TenantNames.OtherAudience : TenantNames.Audience,
            Key = key,
            Twin = twin,
        };
        _servers[tenant]
            .Server.IssueToken(issued =>
            {
                issued.Value = token.Value;
                issued.Subject = token.Subject;
                issued.Scopes = [scope];
                issued.Audiences = scope == "admin" ? [TenantNames.Audience, TenantNames.OtherAudience] : [token.Audience];
                issued.Lifetime = null; // it stays active after its expiry, until it is revoked
                issued.Members["exp"] = expiresAt.ToUnixTimeSeconds();
                issued.Members["sid"] = token.Session;
                if (key is not null)
                    issued.Members["cnf"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["jkt"] = key.Thumbprint };
            });
        return token;
    }
}
