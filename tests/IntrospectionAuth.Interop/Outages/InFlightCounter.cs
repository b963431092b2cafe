namespace IntrospectionAuth.Interop.Outages;

/// <summary>Counts calls that are in flight at the same time.</summary>
internal sealed class InFlightCounter
{
    private readonly Lock _lock = new();
    private int _inside;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Most { get; private set; }

    public async Task CountAsync(Func<Task> stay)
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

    /// <summary>Waits until so many calls have been in flight at the same time.</summary>
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
