using IntrospectionAuth.Benchmarks.Fleet;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>Sends requests to the nodes at a steady rate, and judges each response.</summary>
internal sealed class EnduranceLoad(
    IReadOnlyList<EnduranceNode> nodes,
    AttemptBuilder builder,
    Judge judge,
    FleetTally tally,
    Surroundings surroundings,
    TimeProvider clock
)
{
    private int _replays,
        _running;

    /// <summary>The number of proofs that were sent again.</summary>
    public int Replays => _replays;

    /// <summary>The number of requests without a response yet.</summary>
    public int Running => Volatile.Read(ref _running);

    public async Task RunAsync(TimeSpan interval, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Attempt attempt = builder.Any();
            await SendAsync(attempt);
            if (attempt is { Proofs.Length: 1, Flaw: ProofFlaw.None, Status: not 401 } && Random.Shared.Next(4) == 0)
                _ = ReplayAsync(attempt, stop);

            TimeSpan rest = interval - (attempt.ReceivedAt - attempt.SentAt);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, clock, CancellationToken.None);
        }
    }

    /// <summary>Sends a request and judges its response.</summary>
    public async Task SendAsync(Attempt attempt)
    {
        Interlocked.Increment(ref _running);
        await nodes[attempt.Node - 1].SendAsync(attempt);
        Interlocked.Decrement(ref _running);
        tally.Count(attempt.Status, attempt.ReceivedAt - attempt.SentAt);
        if (judge.Find(attempt) is not null)
            _ = ReportAsync(attempt);
    }

    /// <summary>Reports a wrong response, unless it turns out that the node had no processor time.</summary>
    private async Task ReportAsync(Attempt attempt)
    {
        await Task.Delay(StallProbe.Longest, clock);
        if (judge.Find(attempt) is { } wrong)
            tally.Report(Describe(attempt, wrong));
    }

    /// <summary>Sends a used proof again: at once or later, on the same node or another.</summary>
    private async Task ReplayAsync(Attempt first, CancellationToken stop)
    {
        if (Random.Shared.Next(2) == 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(Random.Shared.Next(1, 40)), clock, stop)
                .ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        if (stop.IsCancellationRequested)
            return;

        Interlocked.Increment(ref _replays);
        await SendAsync(AttemptBuilder.Replay(first, nodes[Random.Shared.Next(nodes.Count)]));
    }

    private string Describe(Attempt attempt, string wrong)
    {
        EnduranceToken? token = attempt.Token?.AsKnownBy(attempt.Tenant) ?? attempt.Token;
        return FormattableString.Invariant($"{attempt.Status}: {wrong}; node {attempt.Node}, tenant {attempt.Tenant}; ")
            + FormattableString.Invariant(
                $"{token?.Subject} for {token?.Audience}, flaw {attempt.Flaw}, replay of {attempt.ReplayOf?.SentAt:HH:mm:ss.fff}; "
            )
            + FormattableString.Invariant($"sent {attempt.SentAt:HH:mm:ss.fff}, received {attempt.ReceivedAt:HH:mm:ss.fff}, ")
            + FormattableString.Invariant($"expires {token?.ExpiresAt:HH:mm:ss}, revoked {token?.RevokedAt:HH:mm:ss.fff}, ")
            + FormattableString.Invariant($"removed {token?.RemovedAt:HH:mm:ss.fff} on node {token?.RemovedOn}; ")
            + FormattableString.Invariant($"{surroundings.Feed.Describe(attempt.ReceivedAt)}; {attempt.Challenge} {attempt.Body}");
    }
}
