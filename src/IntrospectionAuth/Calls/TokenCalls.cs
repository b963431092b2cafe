namespace IntrospectionAuth.Calls;

/// <summary>What the calls under way about one token know of each other: answers may come in another order than they were asked for.</summary>
internal sealed class TokenCalls
{
    private readonly Lock _lock = new();
    private int _running;
    private long _newestCompleted = -1,
        _newestInactive = -1;

    /// <returns>False when the last call has ended, and another instance must be found.</returns>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_running < 0)
                return false;

            _running++;
            return true;
        }
    }

    /// <returns>Whether this was the last call.</returns>
    public bool Leave()
    {
        lock (_lock)
        {
            if (--_running > 0)
                return false;

            _running = -1;
            return true;
        }
    }

    /// <summary>Notes that a call has its answer.</summary>
    public void NoteResult(long order, bool isInactive)
    {
        lock (_lock)
        {
            _newestCompleted = Math.Max(_newestCompleted, order);
            if (isInactive)
                _newestInactive = Math.Max(_newestInactive, order);
        }
    }

    /// <summary>Whether a call that was begun later has its answer already.</summary>
    public bool IsSuperseded(long order)
    {
        lock (_lock)
            return _newestCompleted > order;
    }

    /// <summary>Whether a call that was begun later has learnt that the token is not active.</summary>
    public bool IsRefuted(long order)
    {
        lock (_lock)
            return _newestInactive > order;
    }
}
