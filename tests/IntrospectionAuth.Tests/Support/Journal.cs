using System.Collections;

namespace IntrospectionAuth.Tests.Support;

/// <summary>What has happened so far, in order. A test can wait for what is still to come.</summary>
internal sealed class Journal<T> : IReadOnlyCollection<T>
{
    // Only what never happens takes that long. A mutant makes that often, and its tests must fail before they time out.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable("INTROSPECTIONAUTH_MUTANTS") is null ? 60 : 5
    );

    private readonly Lock _lock = new();
    private readonly List<T> _entries = [];
    private readonly List<Waiter> _waiters = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    public void Add(T entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
            _waiters.RemoveAll(waiter => waiter.IsDone(entry));
        }
    }

    public void Clear()
    {
        lock (_lock)
            _entries.Clear();
    }

    /// <summary>Waits until that many matching entries have been added.</summary>
    public Task WaitForAsync(Func<T, bool> isAwaited, int count = 1)
    {
        lock (_lock)
        {
            int missing = count - _entries.Count(isAwaited);
            if (missing <= 0)
                return Task.CompletedTask;

            var waiter = new Waiter(isAwaited, missing);
            _waiters.Add(waiter);
            return waiter.Task.WaitAsync(s_patience, TimeProvider.System);
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        lock (_lock)
            return ((IEnumerable<T>)[.. _entries]).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Waiter(Func<T, bool> isAwaited, int missing)
    {
        private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing = missing;

        public Task Task => _completion.Task;

        public bool IsDone(T entry)
        {
            if (!isAwaited(entry) || --_missing > 0)
                return false;

            _completion.SetResult();
            return true;
        }
    }
}
