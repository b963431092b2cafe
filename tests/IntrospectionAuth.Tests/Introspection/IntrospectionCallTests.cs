using IntrospectionAuth.Introspection;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Introspection;

/// <summary>How long a call lasts, and that nothing keeps it afterwards.</summary>
public sealed class IntrospectionCallTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly IntrospectionScheme _scheme;

    public IntrospectionCallTests() =>
        _scheme = new("api", new OAuthIntrospectionOptions { TimeProvider = _time, Timeout = TimeSpan.FromSeconds(5) });

    [Theory]
    [InlineData(0, 5000)]
    [InlineData(4000, 1000)]
    [InlineData(5000, 1)]
    [InlineData(9000, 1)]
    public void What_has_passed_before_the_call_is_a_part_of_its_timeout(int waited, int left)
    {
        using var call = new IntrospectionCall(_scheme, "token", CancellationToken.None, TimeSpan.FromMilliseconds(waited));

        _time.Advance(TimeSpan.FromMilliseconds(left) - TimeSpan.FromTicks(1));
        Assert.False(call.HasTimedOut || call.HasEnded);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(call.HasTimedOut && call.HasEnded);
    }

    [Fact]
    public void Attempts_are_timed_from_the_first_and_not_from_the_beginning_of_the_call()
    {
        using var call = new IntrospectionCall(_scheme, "token", CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(call.IsAttempted);

        call.BeginAttempt();
        _time.Advance(TimeSpan.FromSeconds(2));
        call.BeginAttempt();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(3), call.ElapsedSinceFirstAttempt);
    }

    [Fact]
    public void A_call_that_has_ended_is_kept_neither_by_its_timeout_nor_by_the_application()
    {
        using var stopping = new CancellationTokenSource();
        var call = new IntrospectionCall(_scheme, "token", stopping.Token);
        CancellationToken cancelled = call.CancellationToken;

        call.Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));
        stopping.Cancel();

        Assert.False(call.HasTimedOut);
        Assert.False(cancelled.IsCancellationRequested);
    }
}
