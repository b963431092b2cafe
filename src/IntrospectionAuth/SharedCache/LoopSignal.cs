namespace IntrospectionAuth.SharedCache;

/// <summary>The wait of a loop between two rounds, which ends early when there is something to do or the loop is to stop.</summary>
internal sealed class LoopSignal(TimeProvider time, CancellationToken stopping)
{
    private static readonly Task s_never = new TaskCompletionSource().Task;

    private volatile TaskCompletionSource _signal = Create();

    /// <summary>Begins a round. A signal from now on ends the wait after it.</summary>
    public void BeginRound() => _signal = Create();

    public void Set() => _signal.TrySetResult();

    public Task WaitAsync(TimeSpan interval) => WaitAsync(_signal.Task, interval);

    public Task PauseAsync(TimeSpan duration) => WaitAsync(s_never, duration);

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Task signal, TimeSpan interval)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(signal, Task.Delay(interval, time, end.Token));
        await end.CancelAsync(); // ends the timer
    }
}
