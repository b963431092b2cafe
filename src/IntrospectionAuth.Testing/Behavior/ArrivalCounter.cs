namespace IntrospectionAuth.Testing.Behavior;

/// <summary>Counts arrivals, for which tests can wait.</summary>
internal sealed class ArrivalCounter
{
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Arrived)> _waiters = [];
    private int _count;

    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    public void Increment()
    {
        lock (_gate)
        {
            _count++;
            _waiters.RemoveAll(waiter => _count >= waiter.Count && waiter.Arrived.TrySetResult());
        }
    }

    public void Reset()
    {
        lock (_gate)
            _count = 0;
    }

    public Task WaitAsync(int count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_count >= count)
                return Task.CompletedTask;

            TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, arrived));
            return arrived.Task.WaitAsync(cancellationToken);
        }
    }
}
