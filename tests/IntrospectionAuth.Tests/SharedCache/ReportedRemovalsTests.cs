using IntrospectionAuth.Removals;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>What a node reports that was cut off from the engine while it removed tokens.</summary>
public sealed class ReportedRemovalsTests : IAsyncDisposable
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_feedInterval = TimeSpan.FromMilliseconds(300);

    private static readonly Task s_never = new TaskCompletionSource().Task;

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine;

    public ReportedRemovalsTests() => _engine = new(_time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(600)]
    public async Task The_removals_of_a_node_that_was_cut_off_are_reported_in_their_order_when_it_reconnects(int seconds)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine, time: _time);
        await _time.WaitForTimersAsync(s_feedInterval, 1);
        node.Engine.Fail();
        string[] subjects = [.. Enumerable.Range(0, 250).Select(static i => $"user-{i}")];

        foreach (string subject in subjects[..125])
            node.Cache.RemoveSubject(subject);
        await PassAsync(TimeSpan.FromSeconds(seconds));
        foreach (string subject in subjects[125..])
            node.Cache.RemoveSubject(subject);
        Assert.Empty(_engine.Messages);
        node.Engine.Heal();
        await PassUntilAsync(_engine.Messages.WaitForAsync(static _ => true, 3));

        FleetSecret secret = node.Fleet.Secrets[0];
        Assert.Equal(subjects, _engine.Messages.SelectMany(it => RemovalMessage.Open(it, secret)!).Select(static it => it.Value));
    }

    private async Task PassAsync(TimeSpan duration)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < duration; passed += s_feedInterval)
            await PassPauseAsync(s_never);
    }

    private async Task PassUntilAsync(Task task)
    {
        while (!task.IsCompleted)
            await PassPauseAsync(task);
        await task;
    }

    /// <summary>Lets a pause of the loop that follows the feed pass, and waits for the next one.</summary>
    private async Task PassPauseAsync(Task task)
    {
        Task next = _time.WaitForTimersAsync(s_shortestPause, s_feedInterval, CountPauses() + 1);
        _time.Advance(s_feedInterval);
        await Task.WhenAny(task, next);
    }

    private int CountPauses() => _time.Timers.Count(static it => it >= s_shortestPause && it <= s_feedInterval);
}
