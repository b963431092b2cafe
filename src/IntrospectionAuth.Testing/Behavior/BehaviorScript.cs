using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing.Behavior;

/// <summary>Decides how the next call is answered: by what was set for a number of calls, then by what was set for all.</summary>
internal sealed class BehaviorScript
{
    private readonly Lock _gate = new();
    private readonly Queue<(RequestDelegate Answer, int Calls)> _next = new();
    private readonly List<HeldResponses> _holds = [];
    private RequestDelegate? _standing;
    private int _used;

    public void Add(RequestDelegate answer, int? calls)
    {
        lock (_gate)
        {
            if (calls is { } count)
                _next.Enqueue((answer, count));
            else
                _standing = answer;
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
            _standing = null;
        }

        foreach (HeldResponses hold in holds)
            hold.Release();
    }

    /// <summary>Waits while calls are held, then returns the answer to give, or null for the ordinary one.</summary>
    public async Task<RequestDelegate?> NextAsync(CancellationToken cancellationToken)
    {
        HeldResponses[] holds;
        lock (_gate)
            holds = [.. _holds];

        await Task.WhenAll(holds.Select(hold => hold.WaitForReleaseAsync(cancellationToken)));

        lock (_gate)
        {
            if (!_next.TryPeek(out (RequestDelegate Answer, int Calls) next))
                return _standing;

            if (++_used == next.Calls)
            {
                _next.Dequeue();
                _used = 0;
            }

            return next.Answer;
        }
    }
}
