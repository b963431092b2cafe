using Microsoft.Extensions.Time.Testing;

namespace IntrospectionAuth.Tests.Support;

/// <summary>A clock that stands still until a test moves it.</summary>
/// <remarks>
/// <see cref="FakeTimeProvider"/> can neither set the wall clock back while timestamps and timers go on, nor signal that a timer has
/// started.
/// </remarks>
internal sealed class ManualTimeProvider() : FakeTimeProvider(Start)
{
    public static new readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Journal<TimeSpan> _timers = new();
    private long _setBack;

    /// <summary>The length of every timer that has started, in order.</summary>
    public IEnumerable<TimeSpan> Timers => _timers;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - TimeSpan.FromTicks(Interlocked.Read(ref _setBack));

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>Sets the wall clock back, as an administrator would. Timers and timestamps go on.</summary>
    public void SetBack(TimeSpan by) => Interlocked.Add(ref _setBack, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Add(dueTime);
        return timer;
    }

    public int CountTimers(TimeSpan dueTime) => _timers.Count(it => it == dueTime);

    /// <summary>Waits until that many timers of this length have started: each call starts one for its timeout.</summary>
    public Task WaitForTimersAsync(TimeSpan dueTime, int count) => _timers.WaitForAsync(it => it == dueTime, count);

    /// <summary>Waits until that many timers have started whose length is within a range.</summary>
    public Task WaitForTimersAsync(TimeSpan minimum, TimeSpan maximum, int count) =>
        _timers.WaitForAsync(it => it >= minimum && it <= maximum, count);
}
