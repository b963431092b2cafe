using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>The ring of the latest decisions.</summary>
public sealed class DecisionLogTests
{
    private readonly DecisionLog _log = new(new ExchangeRecorder());

    [Fact]
    public void The_log_is_off_until_something_shows_it()
    {
        var exchanges = new ExchangeRecorder();
        var log = new DecisionLog(exchanges);

        Assert.False(log.IsEnabled);
        Assert.False(exchanges.IsEnabled);
        log.IsEnabled = true;
        Assert.True(exchanges.IsEnabled);
    }

    [Fact]
    public void The_latest_200_decisions_are_kept_newest_first()
    {
        for (int i = 0; i < 250; i++)
            _log.Add(Create());

        Assert.Equal(Enumerable.Range(51, 200).Reverse().Select(number => (long)number), _log.Newest().Select(decision => decision.Number));
    }

    [Fact]
    public void A_cleared_log_is_empty_and_goes_on_counting()
    {
        _log.Add(Create());
        _log.Clear();
        Assert.Empty(_log.Newest());

        _log.Add(Create());

        Assert.Equal(2, Assert.Single(_log.Newest()).Number);
    }

    [Fact]
    public async Task A_reader_waits_for_an_addition_and_for_a_completion()
    {
        Decision decision = Create();
        long version = _log.Version;

        Task<long> added = _log.WaitForChangeAsync(version, CancellationToken.None);
        Assert.False(added.IsCompleted);
        _log.Add(decision);
        Task<long> completed = _log.WaitForChangeAsync(await added, CancellationToken.None);
        Assert.False(completed.IsCompleted);
        _log.Complete(decision, 401);
        await completed;

        Assert.Equal(401, decision.StatusCode);
        Assert.True(_log.WaitForChangeAsync(version, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task A_reader_that_leaves_stops_waiting()
    {
        using var leaving = new CancellationTokenSource();
        Task<long> waiting = _log.WaitForChangeAsync(_log.Version, leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static Decision Create() =>
        new()
        {
            Time = DateTimeOffset.UnixEpoch,
            Scheme = "scheme",
            Outcome = DecisionOutcome.Accepted,
            Checks = [],
        };
}
