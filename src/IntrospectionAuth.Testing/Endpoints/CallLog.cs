using IntrospectionAuth.Testing.Behavior;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>Records the calls that arrived.</summary>
internal sealed class CallLog
{
    private readonly Lock _gate = new();
    private readonly List<IntrospectionCall> _calls = [];
    private readonly ArrivalCounter _arrivals = new();

    public int Count => _arrivals.Count;

    public void Add(IntrospectionCall call)
    {
        lock (_gate)
        {
            _calls.Add(call);
            _arrivals.Increment();
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _calls.Clear();
            _arrivals.Reset();
        }
    }

    public IReadOnlyList<IntrospectionCall> Snapshot()
    {
        lock (_gate)
            return [.. _calls];
    }

    public Task WaitAsync(int count, CancellationToken cancellationToken) => _arrivals.WaitAsync(count, cancellationToken);
}
