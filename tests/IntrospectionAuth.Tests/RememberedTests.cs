using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests;

public sealed class RememberedTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly OAuthIntrospectionOptions _options;
    private readonly Queue<TaskCompletionSource<Value>> _fetches = new([new(), new(), new()]);
    private readonly TaskCompletionSource<Value>[] _all;

    public RememberedTests()
    {
        _options = new() { TimeProvider = _time };
        _all = [.. _fetches];
    }

    [Fact]
    public async Task All_waiting_callers_share_one_fetch()
    {
        Remembered<Value> value = Create();

        Task<Value> one = value.FindAsync(_options),
            two = value.FindAsync(_options);
        var good = new Value();
        _all[0].SetResult(good);

        Assert.Same(good, await one);
        Assert.Same(good, await two);
        Assert.Same(good, await value.FindAsync(_options));
        Assert.Equal(2, _fetches.Count);
    }

    [Fact]
    public async Task The_execution_context_of_the_first_caller_does_not_reach_the_fetch()
    {
        var local = new AsyncLocal<string> { Value = "of the request" };
        string? seen = "none";
        var value = new Remembered<Value>(
            (_, _) => Task.FromResult(new Value { Text = seen = local.Value }),
            static _ => true,
            static _ => new Value()
        );

        await value.FindAsync(_options);

        Assert.Null(seen);
    }

    [Fact]
    public async Task A_failure_is_returned_to_all_waiting_callers_and_not_kept()
    {
        Remembered<Value> value = Create();
        Task<Value> one = value.FindAsync(_options),
            two = value.FindAsync(_options);
        _all[0].SetResult(new Value { IsGood = false });
        Assert.Same(await one, await two);
        var good = new Value();
        _all[1].SetResult(good);

        Assert.Same(good, await value.FindAsync(_options));
    }

    [Fact]
    public async Task A_value_stays_in_use_while_a_background_fetch_fails_and_the_next_fetch_starts_a_minute_later()
    {
        Remembered<Value> value = Create();
        var good = new Value();
        _all[0].SetResult(good);
        await value.FindAsync(_options);

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Same(good, await value.FindAsync(_options)); // and begins the fetch
        Task<Value> second = value.RenewAsync(_options, good); // waits for it
        _all[1].SetResult(new Value { IsGood = false });
        Assert.False((await second).IsGood);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Same(good, await value.FindAsync(_options));
        Assert.Single(_fetches);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(good, await value.FindAsync(_options));
        var newer = new Value();
        Task<Value> third = value.RenewAsync(_options, good);
        _all[2].SetResult(newer);
        Assert.Same(newer, await third);
    }

    [Fact]
    public async Task A_kept_value_that_the_caller_does_not_accept_is_dropped()
    {
        Remembered<Value> value = Create();
        _all[0].SetResult(new Value { Text = "old" });
        Value old = await value.FindAsync(_options);
        _all[1].SetResult(new Value { IsGood = false });

        Assert.False((await value.FindAsync(_options, known => known != old)).IsGood);
        var good = new Value();
        _all[2].SetResult(good);

        Assert.Same(good, await value.FindAsync(_options));
    }

    [Fact]
    public async Task A_value_in_doubt_is_fetched_again_after_a_minute()
    {
        Remembered<Value> value = Create();
        _all[0].SetResult(new Value());
        await value.FindAsync(_options);

        value.Doubt();
        await value.FindAsync(_options);
        Assert.Equal(2, _fetches.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        Task<Value> known = value.FindAsync(_options);
        Task<Value> fetching = value.RenewAsync(_options, await known);
        _all[1].SetResult(new Value());
        await fetching;

        Assert.Single(_fetches);
    }

    [Fact]
    public async Task Callers_for_which_the_value_does_not_work_share_one_fetch_and_later_callers_get_its_result()
    {
        Remembered<Value> value = Create();
        _all[0].SetResult(new Value());
        Value tried = await value.FindAsync(_options);

        Task<Value> one = value.RenewAsync(_options, tried),
            two = value.RenewAsync(_options, tried);
        Value meanwhile = await value.FindAsync(_options);
        Assert.False(one.IsCompleted);
        Assert.False(two.IsCompleted);
        var renewed = new Value();
        _all[1].SetResult(renewed);

        Assert.Same(tried, meanwhile);
        Assert.Same(renewed, await one);
        Assert.Same(renewed, await two);
        Assert.Same(renewed, await value.RenewAsync(_options, tried));
        Assert.Same(renewed, await value.RenewAsync(_options, renewed)); // fetched lately: what was tried comes back
        Assert.Same(renewed, await value.FindAsync(_options));
    }

    [Fact]
    public async Task A_fetch_that_throws_ends_and_the_next_one_starts()
    {
        int count = 0;
        var good = new Value();
        var value = new Remembered<Value>(
            (_, _) => ++count == 1 ? throw new InvalidOperationException("a logger's") : Task.FromResult(good),
            static value => value.IsGood,
            static exception => new Value { IsGood = false, Text = exception.Message }
        );

        Assert.Equal("a logger's", (await value.FindAsync(_options)).Text);
        Assert.Same(good, await value.FindAsync(_options));
    }

    [Fact]
    public async Task A_failure_is_kept_for_the_failure_interval()
    {
        Remembered<Value> value = Create(failureInterval: TimeSpan.FromSeconds(10));
        var bad = new Value { IsGood = false };
        _all[0].SetResult(bad);
        Assert.Same(bad, await value.FindAsync(_options));
        var good = new Value();
        _all[1].SetResult(good);

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Same(bad, await value.FindAsync(_options));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(good, await value.FindAsync(_options));
        Assert.Same(good, await value.FindAsync(_options));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_fetch_counts_as_a_renewal_if_every_fetch_does(bool everyFetchRenews)
    {
        Remembered<Value> value = Create(everyFetchRenews: everyFetchRenews);
        Value first = new(),
            second = new();
        _all[0].SetResult(first);
        _all[1].SetResult(second);
        await value.FindAsync(_options);

        Assert.Same(everyFetchRenews ? first : second, await value.RenewAsync(_options, first));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Same(second, await value.RenewAsync(_options, first));
    }

    private Remembered<Value> Create(TimeSpan failureInterval = default, bool everyFetchRenews = false) =>
        new((_, _) => _fetches.Dequeue().Task, static value => value.IsGood, static _ => new Value { IsGood = false })
        {
            Interval = TimeSpan.FromHours(1),
            FailureInterval = failureInterval,
            EveryFetchRenews = everyFetchRenews,
        };

    private sealed class Value
    {
        public bool IsGood { get; init; } = true;

        public string? Text { get; init; }
    }
}
