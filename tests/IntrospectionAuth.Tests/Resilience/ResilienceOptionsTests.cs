namespace IntrospectionAuth.Tests.Resilience;

public sealed class ResilienceOptionsTests
{
    private readonly OAuthIntrospectionResilienceOptions _options = new();

    [Fact]
    public void The_defaults_are_as_documented()
    {
        Assert.True(_options.Enabled);
        Assert.Equal((1, 0.5, 10), (_options.Retries, _options.BreakerFailureRatio, _options.BreakerMinimumCalls));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)), (_options.BreakerSamplingDuration, _options.BreakerPause));
        Assert.Equal((64, TimeSpan.FromSeconds(1)), (_options.MaximumConcurrentCalls, _options.MaximumWait));
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(6, 0)]
    public void Retries_are_from_0_to_5(int wrong, int right) => Check(value => _options.Retries = value, wrong, right);

    [Theory]
    [InlineData(0, 0.001)]
    [InlineData(-0.5, 0.5)]
    [InlineData(1.001, 1)]
    [InlineData(double.NaN, 0.5)]
    public void The_failure_ratio_is_above_0_and_at_most_1(double wrong, double right) =>
        Check(value => _options.BreakerFailureRatio = value, wrong, right);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(10_001, 10_000)]
    public void The_minimum_number_of_calls_is_from_2_to_10000(int wrong, int right) =>
        Check(value => _options.BreakerMinimumCalls = value, wrong, right);

    [Theory]
    [InlineData(0.49, 0.5)]
    [InlineData(3601, 3600)]
    public void The_sampling_duration_is_from_half_a_second_to_an_hour(double wrong, double right) =>
        Check(value => _options.BreakerSamplingDuration = TimeSpan.FromSeconds(value), wrong, right);

    [Theory]
    [InlineData(0.49, 0.5)]
    [InlineData(301, 300)]
    public void The_pause_is_from_half_a_second_to_5_minutes(double wrong, double right) =>
        Check(value => _options.BreakerPause = TimeSpan.FromSeconds(value), wrong, right);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, int.MaxValue)]
    public void At_least_one_call_may_be_in_flight(int wrong, int right) =>
        Check(value => _options.MaximumConcurrentCalls = value, wrong, right);

    [Theory]
    [InlineData(-0.001, 0)]
    [InlineData(60.001, 60)]
    public void The_maximum_wait_is_from_zero_to_a_minute(double wrong, double right) =>
        Check(value => _options.MaximumWait = TimeSpan.FromSeconds(value), wrong, right);

    private static void Check<T>(Action<T> set, T wrong, T right)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => set(wrong));
        set(right);
    }
}
