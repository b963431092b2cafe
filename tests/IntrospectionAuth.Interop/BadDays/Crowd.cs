namespace IntrospectionAuth.Interop.BadDays;

/// <summary>Counts how many are inside at the same time.</summary>
internal sealed class Crowd
{
    private readonly Lock _lock = new();
    private int _inside;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Most { get; private set; }

    public async Task PassAsync(Func<Task> stay)
    {
        lock (_lock)
        {
            Most = Math.Max(Most, ++_inside);
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await stay();
        }
        finally
        {
            lock (_lock)
                _inside--;
        }
    }

    /// <summary>Waits until so many have been inside at the same time.</summary>
    public async Task WaitForAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Most >= count)
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        }
    }
}
