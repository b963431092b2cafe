using System.Threading.RateLimiting;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Resilience;

public sealed class CallLimiterTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CallLimiter _limiter;

    public CallLimiterTests() => _limiter = Create(maximumWait: TimeSpan.FromSeconds(1));

    public void Dispose() => _limiter.Dispose();

    [Fact]
    public async Task A_waiting_call_gets_the_next_released_permit()
    {
        RateLimitLease first = await EnterAsync();
        RateLimitLease second = await EnterAsync();

        Task<RateLimitLease?> third = _limiter.EnterAsync(isRefresh: false, default).AsTask();
        Assert.False(third.IsCompleted);
        first.Dispose();

        Assert.NotNull(await third);
        second.Dispose();
    }

    [Fact]
    public async Task No_call_waits_longer_than_MaximumWait()
    {
        await EnterAsync();
        await EnterAsync();

        Task<RateLimitLease?> third = _limiter.EnterAsync(isRefresh: false, default).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(third.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await third);
    }

    [Fact]
    public async Task A_call_that_stopped_waiting_takes_no_permit_later()
    {
        RateLimitLease first = await EnterAsync();
        await EnterAsync();
        Task<RateLimitLease?> third = _limiter.EnterAsync(isRefresh: false, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await third);

        first.Dispose();

        Assert.NotNull(await _limiter.EnterAsync(isRefresh: false, default));
    }

    [Fact]
    public async Task With_a_MaximumWait_of_zero_no_call_waits()
    {
        using CallLimiter limiter = Create(maximumWait: TimeSpan.Zero);
        Assert.NotNull(await limiter.EnterAsync(isRefresh: false, default));
        Assert.NotNull(await limiter.EnterAsync(isRefresh: false, default));

        Assert.Null(await limiter.EnterAsync(isRefresh: false, default));
    }

    [Fact]
    public async Task Waiting_calls_are_made_in_order()
    {
        var places = new Queue<RateLimitLease>([await EnterAsync(), await EnterAsync()]);
        Task<RateLimitLease?>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => _limiter.EnterAsync(isRefresh: false, default).AsTask())];

        for (int i = 0; i < waiting.Length; i++)
        {
            places.Dequeue().Dispose();
            places.Enqueue((await waiting[i])!);
            Assert.All(waiting[(i + 1)..], other => Assert.False(other.IsCompleted));
        }
    }

    [Fact]
    public async Task A_cancelled_call_leaves_the_queue()
    {
        RateLimitLease first = await EnterAsync();
        await EnterAsync();
        using var timeout = new CancellationTokenSource();
        Task<RateLimitLease?> third = _limiter.EnterAsync(isRefresh: false, timeout.Token).AsTask();
        Task<RateLimitLease?> fourth = _limiter.EnterAsync(isRefresh: false, default).AsTask();

        await timeout.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        first.Dispose();

        Assert.NotNull(await fourth);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(64, 16)]
    public void Background_refreshes_have_a_quarter_of_the_permits_and_never_wait(int maximum, int refreshes)
    {
        using CallLimiter limiter = Create(TimeSpan.FromSeconds(1), maximum);
        RateLimitLease?[] leases = [.. Enumerable.Range(0, refreshes).Select(_ => limiter.TryEnterRefresh())];

        Assert.All(leases, Assert.NotNull);
        Assert.Null(limiter.TryEnterRefresh());
        leases[0]!.Dispose();
        Assert.NotNull(limiter.TryEnterRefresh());
    }

    private CallLimiter Create(TimeSpan maximumWait, int maximum = 2) =>
        new(new() { MaximumConcurrentCalls = maximum, MaximumWait = maximumWait }, timeout: TimeSpan.FromSeconds(5), _time);

    private async Task<RateLimitLease> EnterAsync()
    {
        RateLimitLease? lease = await _limiter.EnterAsync(isRefresh: false, default);
        Assert.NotNull(lease);
        return lease;
    }
}
