using IntrospectionAuth.Benchmarks.Fleet;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>Ends tokens: revokes them, removes them on a node, and reports logouts to a node.</summary>
internal sealed class Revocations(
    IReadOnlyList<EnduranceNode> nodes,
    EnduranceLedger ledger,
    EnduranceLoad load,
    Surroundings surroundings,
    FleetTally tally,
    TimeProvider clock
)
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(400),
        s_pursuit = TimeSpan.FromSeconds(2);

    // After a failed fetch of keys, those of pushed tokens are fetched again after 10 seconds at the earliest.
    private static readonly TimeSpan s_pauseOfKeys = TimeSpan.FromSeconds(10);

    public int Revoked { get; private set; }

    public int Removed { get; private set; }

    public int LoggedOut { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await EndAsync(TenantNames.Pushing);
            await EndAsync(TenantNames.All[Random.Shared.Next(TenantNames.All.Length)]);
            ledger.Renew();
            await Task.Delay(s_step, clock, CancellationToken.None);
        }
    }

    private async Task EndAsync(string tenant)
    {
        EnduranceToken token = ledger.AnyLive(tenant);
        if (token.EndsAt <= clock.GetUtcNow())
            return; // it is revoked or expired already

        // Every node has the response in memory.
        await Task.WhenAll(nodes.Select(node => load.SendAsync(AttemptBuilder.Proper(node, token, tenant))));

        // Some tokens are removed although they stay valid.
        if (Random.Shared.Next(8) > 0)
        {
            ledger.Revoke(token);
            Revoked++;
        }

        if (Random.Shared.Next(3) == 0 || tenant == TenantNames.Guest)
            return;

        // Node 3 may be killed before it has reported a removal. That case has no bound other than the age of a response.
        EnduranceNode node = nodes[Random.Shared.Next(2)];
        if (tenant == TenantNames.Pushing && Random.Shared.Next(3) > 0)
            await LogOutAsync(token, node);
        else
            await RemoveAsync(token, node);
        _ = PursueAsync(token);
    }

    /// <summary>Sends a token that was removed to the nodes again, from at once until it must be rejected everywhere.</summary>
    private async Task PursueAsync(EnduranceToken token)
    {
        DateTimeOffset end = clock.GetUtcNow() + s_pursuit;
        while (clock.GetUtcNow() < end)
        {
            foreach (EnduranceNode node in nodes)
                await load.SendAsync(AttemptBuilder.Proper(node, token, token.Tenant));
            await Task.Delay(s_step, clock);
        }
    }

    private async Task LogOutAsync(EnduranceToken token, EnduranceNode node)
    {
        TenantServer server = surroundings.Servers[token.Tenant];
        var attempt = new Attempt
        {
            Node = node.Number,
            Tenant = token.Tenant,
            Authorization = null,
            Host = node.Read.Authority,
        };
        await node.LogOutAsync(attempt, server.CreateLogoutToken(token));
        if (attempt.Status == 200)
        {
            token.Remove(node.Number, attempt.ReceivedAt);
            LoggedOut++;
        }
        else if (
            !server.Faults.Excuse(attempt.SentAt - s_pauseOfKeys, attempt.ReceivedAt)
            && !server.Rotations.Excuse(attempt.SentAt, attempt.ReceivedAt)
        )
        {
            Report("a logout token", attempt);
        }
    }

    private async Task RemoveAsync(EnduranceToken token, EnduranceNode node)
    {
        Attempt attempt = AttemptBuilder.Proper(node, ledger.Administrators[token.Tenant], token.Tenant, node.Forget, "POST");
        (string field, string value) = Random.Shared.Next(3) switch
        {
            0 => ("token", token.Value),
            1 => ("subject", token.Subject!),
            _ => ("session", token.Session),
        };
        await node.ForgetAsync(attempt, field, value);
        if (attempt.Status == 200)
        {
            token.Remove(node.Number, attempt.ReceivedAt);
            Removed++;
        }
        else if (!(attempt.Status == 503 && surroundings.MayFail(attempt)))
        {
            Report("a removal", attempt);
        }
    }

    private void Report(string what, Attempt attempt) =>
        tally.Report(
            FormattableString.Invariant($"{attempt.Status} for {what} on node {attempt.Node} at {attempt.SentAt:HH:mm:ss.fff}; ")
                + FormattableString.Invariant($"tenant {attempt.Tenant}; {attempt.Challenge} {attempt.Body}")
        );
}
