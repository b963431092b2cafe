using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>Issues tokens, revokes and removes some, and keeps those to send them again.</summary>
internal sealed class FleetLedger
{
    private const int Live = 1_000,
        Ended = 200;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    private readonly FakeAuthorizationServer _server;
    private readonly IReadOnlyList<FleetNode> _nodes;
    private readonly FleetTally _tally;
    private readonly TimeProvider _clock;
    private readonly FleetToken[] _live = new FleetToken[Live];
    private readonly FleetToken[] _ended = new FleetToken[Ended];
    private readonly string _administrator;
    private int _issued,
        _lastEnded;

    public FleetLedger(FakeAuthorizationServer server, IReadOnlyList<FleetNode> nodes, FleetTally tally, TimeProvider clock)
    {
        (_server, _nodes, _tally, _clock) = (server, nodes, tally, clock);
        _administrator = server.IssueToken(static token =>
        {
            token.Scopes = ["admin"];
            token.Lifetime = TimeSpan.FromDays(1);
        });
        for (int i = 0; i < Live; i++)
            _live[i] = Issue();
        Array.Fill(_ended, _live[0]);
    }

    public int Issued => _issued;

    public int Calls { get; private set; }

    public int Removed { get; private set; }

    public int Revoked { get; private set; }

    public FleetToken AnyLive() => Volatile.Read(ref _live[Random.Shared.Next(Live)]);

    public FleetToken AnyEnded() => Volatile.Read(ref _ended[Random.Shared.Next(Ended)]);

    /// <summary>Issues a token that only the caller sends.</summary>
    public FleetToken Issue()
    {
        int number = Interlocked.Increment(ref _issued);
        DateTimeOffset expiresAt = _clock.GetUtcNow().AddSeconds(Random.Shared.Next(30, 120));
        string value = _server.IssueToken(token =>
        {
            token.Subject = "user-" + number;
            token.Scopes = ["read"];
            token.Lifetime = null;
            token.Members["exp"] = expiresAt.ToUnixTimeSeconds();
            token.Members["sid"] = "session-" + number;
        });
        return new FleetToken
        {
            Value = value,
            Number = number,
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(expiresAt.ToUnixTimeSeconds()),
        };
    }

    /// <summary>Revokes the token at the authorization server, then removes it on a node.</summary>
    public async Task RemoveAsync(FleetToken token, FleetNode node)
    {
        token.Revoke(value => _server.Revoke(value), _clock);
        await ForgetAsync(token, node);
        token.Remove(node, _clock.GetUtcNow());
        Removed++;
    }

    /// <summary>Removes, revokes and replaces tokens at every step.</summary>
    public async Task RotateAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => EndOneAsync()));
            for (int i = 0; i < Live; i++)
            {
                FleetToken token = _live[i];
                if (token.EndsAt > _clock.GetUtcNow())
                    continue;

                _server.Revoke(token.Value); // frees the server's memory
                Volatile.Write(ref _live[i], Issue());
                Volatile.Write(ref _ended[_lastEnded++ % Ended], token);
            }

            Calls += _server.CallCount;
            _server.ClearCalls();
            await Task.Delay(s_step, _clock, CancellationToken.None);
        }
    }

    private async Task EndOneAsync()
    {
        FleetToken token = AnyLive();
        if (token.EndsAt <= _clock.GetUtcNow())
            return; // it is revoked or expired already

        switch (Random.Shared.Next(10))
        {
            case < 7:
                await RemoveAsync(token, AnyNode());
                break;
            case < 8: // it stays valid
                await ForgetAsync(token, AnyNode());
                break;
            default:
                token.Revoke(value => _server.Revoke(value), _clock);
                Revoked++;
                break;
        }
    }

    private async Task ForgetAsync(FleetToken token, FleetNode node)
    {
        (string field, string value) = Random.Shared.Next(3) switch
        {
            0 => ("token", token.Value),
            1 => ("subject", token.Subject),
            _ => ("session", "session-" + token.Number),
        };
        int status = await node.ForgetAsync(_administrator, field, value);
        if (status != 200)
        {
            _tally.Report(
                FormattableString.Invariant($"{status} for a removal on node {node.Number} at {_clock.GetUtcNow():HH:mm:ss.fff}")
            );
        }
    }

    private FleetNode AnyNode() => _nodes[Random.Shared.Next(_nodes.Count)];
}
