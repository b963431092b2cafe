using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntrospectionAuth.Tests.SharedCache;

public sealed class EngineBreakerTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(50);

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_engine_works_again_when_it_is_fast_enough_for_requests(bool isFast)
    {
        var condition = new EngineCondition("memory", _time, NullLogger.Instance);
        var breaker = new EngineBreaker(condition, _time) { Timeout = s_timeout };
        for (int i = 0; i < 3; i++)
            await Assert.ThrowsAsync<IOException>(() => breaker.ExecuteAsync<bool>(static () => throw new IOException()));
        Assert.False(condition.IsGood);
        var gate = new TaskCompletionSource();
        var engine = new NodeEngine(new InMemoryFleetEngine(_time));
        engine.Hold(gate.Task);

        _time.Advance(TimeSpan.FromSeconds(1));
        Task probe = breaker.ProbeAsync(engine);
        _time.Advance(isFast ? s_timeout / 2 : s_timeout * 2);
        gate.SetResult();
        await probe;

        Assert.Equal(isFast, condition.IsGood);
    }

    [Fact]
    public async Task A_failure_that_is_reported_after_the_next_success_does_not_last()
    {
        var condition = new EngineCondition("memory", _time, NullLogger.Instance);
        var breaker = new EngineBreaker(condition, _time) { Timeout = s_timeout };
        Assert.True(await breaker.ExecuteAsync(static () => Task.FromResult(true)));
        condition.Fails(EngineUse.Requests, new IOException(), condition.Recoveries); // of an operation that another thread has run before

        await breaker.ProbeAsync(new NodeEngine(new InMemoryFleetEngine(_time)));

        Assert.True(condition.IsGood);
    }

    [Fact]
    public async Task A_failure_counts_although_the_feed_has_recovered_since_the_operation_began()
    {
        var condition = new EngineCondition("memory", _time, NullLogger.Instance);
        var breaker = new EngineBreaker(condition, _time) { Timeout = s_timeout };
        for (int i = 0; i < 3; i++)
            await Assert.ThrowsAsync<IOException>(() => breaker.ExecuteAsync<bool>(static () => throw new IOException()));
        condition.Fails(EngineUse.Feed, new IOException(), condition.Recoveries);
        _time.Advance(TimeSpan.FromSeconds(1));
        var gate = new TaskCompletionSource<bool>();
        Task<bool> attempt = breaker.ExecuteAsync(() => gate.Task);

        condition.Works(EngineUse.Feed);
        gate.SetException(new IOException());

        await Assert.ThrowsAsync<IOException>(() => attempt);
        Assert.False(condition.IsGood);
        Assert.False(breaker.IsClosed);
    }

    [Fact]
    public async Task Operations_that_began_before_a_recovery_and_fail_after_it_are_no_outage()
    {
        var condition = new EngineCondition("memory", _time, NullLogger.Instance);
        var breaker = new EngineBreaker(condition, _time) { Timeout = s_timeout };
        var gate = new TaskCompletionSource<bool>();
        Task<bool>[] late = [.. Enumerable.Range(0, 5).Select(_ => breaker.ExecuteAsync(() => gate.Task))];
        for (int i = 0; i < 3; i++)
            await Assert.ThrowsAsync<IOException>(() => breaker.ExecuteAsync<bool>(static () => throw new IOException()));
        Assert.False(condition.IsGood);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await breaker.ExecuteAsync(static () => Task.FromResult(true)));
        Assert.True(condition.IsGood);

        gate.SetException(new IOException());

        foreach (Task<bool> operation in late)
            await Assert.ThrowsAsync<IOException>(() => operation);
        Assert.True(condition.IsGood);
        Assert.True(await breaker.ExecuteAsync(static () => Task.FromResult(true)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_is_set_back_does_not_extend_the_pause(bool byProbe)
    {
        var condition = new EngineCondition("memory", _time, NullLogger.Instance);
        var breaker = new EngineBreaker(condition, _time) { Timeout = s_timeout };
        for (int i = 0; i < 3; i++)
            await Assert.ThrowsAsync<IOException>(() => breaker.ExecuteAsync<bool>(static () => throw new IOException()));

        _time.SetBack(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(breaker.IsClosed);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.True(breaker.IsClosed);
        if (byProbe)
            await breaker.ProbeAsync(new NodeEngine(new InMemoryFleetEngine(_time)));
        else
            Assert.True(await breaker.ExecuteAsync(static () => Task.FromResult(true)));
        Assert.True(condition.IsGood);
    }
}
