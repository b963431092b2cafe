using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing.Behavior;

/// <summary>Selects the behavior for the next call: first those for a number of calls, then the one for all calls.</summary>
internal sealed class BehaviorScript
{
    private readonly Lock _gate = new();
    private readonly Queue<(RequestDelegate Respond, int Calls)> _next = new();
    private readonly List<HeldResponses> _holds = [];
    private RequestDelegate? _forAllCalls;
    private int _used;

    public void Add(RequestDelegate respond, int? calls)
    {
        lock (_gate)
        {
            if (calls is { } count)
                _next.Enqueue((respond, count));
            else
                _forAllCalls = respond;
        }
    }

    public HeldResponses Hold()
    {
        HeldResponses hold = new();
        lock (_gate)
            _holds.Add(hold);
        return hold;
    }

    public void Reset()
    {
        HeldResponses[] holds;
        lock (_gate)
        {
            holds = [.. _holds];
            _holds.Clear();
            _next.Clear();
            _used = 0;
            _forAllCalls = null;
        }

        foreach (HeldResponses hold in holds)
            hold.Release();
    }

    /// <summary>Waits while responses are held, then returns the behavior, or null for the normal response.</summary>
    public async Task<RequestDelegate?> NextAsync(CancellationToken cancellationToken)
    {
        HeldResponses[] holds;
        lock (_gate)
            holds = [.. _holds];

        await Task.WhenAll(holds.Select(hold => hold.WaitForReleaseAsync(cancellationToken)));

        lock (_gate)
        {
            if (!_next.TryPeek(out (RequestDelegate Respond, int Calls) next))
                return _forAllCalls;

            if (++_used == next.Calls)
            {
                _next.Dequeue();
                _used = 0;
            }

            return next.Respond;
        }
    }
}
