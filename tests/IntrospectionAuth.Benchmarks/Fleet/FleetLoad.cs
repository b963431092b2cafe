namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>Sends tokens to the nodes, one after another, and judges each response.</summary>
internal sealed class FleetLoad(
    IReadOnlyList<FleetNode> nodes,
    FleetLedger ledger,
    FaultWindows faults,
    FleetTally tally,
    TimeProvider clock
)
{
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await SendAsync(Random.Shared.Next(10) == 0 ? ledger.AnyEnded() : ledger.AnyLive());
    }

    /// <summary>Sends one token to any node.</summary>
    private async Task SendAsync(FleetToken token)
    {
        FleetNode node = nodes[Random.Shared.Next(nodes.Count)];
        DateTimeOffset sentAt = clock.GetUtcNow();
        (int status, string body) = await node.ReadAsync(token.Value);
        DateTimeOffset receivedAt = clock.GetUtcNow();
        tally.Count(status, receivedAt - sentAt);

        if (Judge(token, status, body, sentAt, receivedAt) is { } wrong)
        {
            tally.Report(
                FormattableString.Invariant(
                    $"{wrong}; node {node.Number}; {token.Subject}; sent {sentAt:HH:mm:ss.fff}, received {receivedAt:HH:mm:ss.fff}, "
                )
                    + FormattableString.Invariant($"expires {token.ExpiresAt:HH:mm:ss.fff}, revoked {token.RevokedAt:HH:mm:ss.fff}, ")
                    + FormattableString.Invariant(
                        $"removed {token.RemovedAt:HH:mm:ss.fff} on node {token.RemovedOn?.Number}; {faults.Describe(receivedAt)}; {body}"
                    )
            );
        }
    }

    /// <returns>What is wrong with the response; null if it is allowed.</returns>
    private string? Judge(FleetToken token, int status, string body, DateTimeOffset sentAt, DateTimeOffset receivedAt) =>
        status switch
        {
            200 when sentAt >= token.ExpiresAt => "200 for an expired token",
            200 when sentAt >= token.RemovedAt => JudgeRemoved(token, sentAt),
            200 when token.RevokedAt < DateTimeOffset.MaxValue && sentAt >= token.RevokedAt + FleetSettings.MaximumAge =>
                "200 for a revoked token",
            200 when body != token.Subject => "200 as another user",
            200 => null,
            401 => token.EndsAt <= receivedAt ? null : "401 for a valid token",
            _ => $"{status}",
        };

    private string? JudgeRemoved(FleetToken token, DateTimeOffset sentAt)
    {
        DateTimeOffset limit = faults.FindLimit(token.RemovedAt, token.RemovedOn!.Number);
        tally.Accepted(token.Number, sentAt - token.RemovedAt, hasFeed: limit == token.RemovedAt + FleetSettings.Promise);
        return sentAt > limit
            ? FormattableString.Invariant($"200 for a removed token {(sentAt - limit).TotalMilliseconds:0} ms late")
            : null;
    }
}
