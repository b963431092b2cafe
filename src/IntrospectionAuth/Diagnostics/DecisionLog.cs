using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Diagnostics;

/// <summary>The latest decisions, newest first, for as long as something shows them. Off, it costs a request one read.</summary>
internal sealed class DecisionLog(ExchangeRecorder exchanges)
{
    /// <summary>How many decisions are kept.</summary>
    public const int Capacity = 200;

    private readonly Decision?[] _ring = new Decision?[Capacity];
    private readonly Lock _lock = new();
    private volatile bool _isEnabled;
    private long _count;
    private long _forgotten; // how many of them were dropped by Clear
    private long _version;
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether decisions are recorded. False until the diagnostics page is mapped.</summary>
    public bool IsEnabled
    {
        get => _isEnabled;
        set => exchanges.IsEnabled = _isEnabled = value;
    }

    /// <summary>Counts the changes: a decision was added, or one that is here was completed.</summary>
    public long Version
    {
        get
        {
            lock (_lock)
                return _version;
        }
    }

    /// <summary>Adds a decision, and drops the oldest one when the log is full.</summary>
    public void Add(Decision decision)
    {
        lock (_lock)
        {
            _ring[_count % Capacity] = decision;
            decision.Number = ++_count;
            NoteChange();
            decision.Version = _version;
        }
    }

    /// <summary>Records what became known after a decision was added.</summary>
    public void Complete(Decision decision, int statusCode)
    {
        lock (_lock)
        {
            decision.StatusCode = statusCode;
            NoteChange();
            decision.Version = _version;
        }
    }

    /// <summary>The decisions, newest first.</summary>
    public IReadOnlyList<Decision> Newest()
    {
        lock (_lock)
        {
            int length = (int)Math.Min(_count - _forgotten, Capacity);
            var decisions = new Decision[length];
            for (int i = 0; i < length; i++)
                decisions[i] = _ring[(_count - 1 - i) % Capacity]!;
            return decisions;
        }
    }

    /// <summary>Forgets all decisions.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            Array.Clear(_ring);
            _forgotten = _count;
            NoteChange();
        }
    }

    /// <summary>Waits until the log has changed since a version.</summary>
    /// <returns>The new version.</returns>
    public async Task<long> WaitForChangeAsync(long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (_version != version)
                    return _version;
                change = _change.Task;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    private void NoteChange()
    {
        _version++;
        TaskCompletionSource changed = _change;
        _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
