using System.Diagnostics;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>A call under way, which belongs to no request, and what has been said about its answer meanwhile.</summary>
/// <param name="scheme">The scheme.</param>
/// <param name="key">The token's key.</param>
/// <param name="others">The calls about the same token.</param>
/// <param name="order">Its place among all calls, in the order in which they ask.</param>
internal sealed class SharedCall(string scheme, CacheKey key, TokenCalls others, long order)
{
    private readonly TaskCompletionSource<IntrospectionResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CacheKey _key = key;
    private readonly Lock _lock = new();
    private long _order = order;
    private List<Removal>? _removals;

    public string Scheme { get; } = scheme;

    /// <summary>Its place among all calls; a repetition asks anew, and gets a new one.</summary>
    public long Order
    {
        get => Volatile.Read(ref _order);
        set => Volatile.Write(ref _order, value);
    }

    public ref readonly CacheKey Key => ref _key;

    public Task<IntrospectionResult> Task => _completion.Task;

    /// <summary>The call's span, for those who wait to link to; null when nobody listens.</summary>
    public Activity? Span { get; set; }

    /// <summary>Tells the call that what it will bring may be out of date.</summary>
    public void Note(Removal removal)
    {
        lock (_lock)
            (_removals ??= []).Add(removal);
    }

    /// <summary>Notes that the answer is there: older ones that come later are not kept.</summary>
    public void NoteAnswer(IntrospectionResult result) => others.NoteAnswer(Order, isInactive: result.Response is null);

    /// <summary>Whether a newer answer has come first, and this one must not be kept.</summary>
    public bool IsOvertaken => others.IsOvertaken(Order);

    /// <summary>Whether the answer was asked for before somebody had it forgotten, or calls active what a newer one calls inactive.</summary>
    public bool IsOverruled(IntrospectionResult result)
    {
        if (result.Response is not null && others.IsRefuted(Order))
            return true;

        lock (_lock)
            return _removals?.Exists(removal => removal(Scheme, _key, result)) == true;
    }

    /// <returns>Whether this was the last call about the token.</returns>
    public bool Leave() => others.Leave();

    public void Complete(IntrospectionResult result) => _completion.SetResult(result);

    public void Fail(Exception exception)
    {
        _completion.SetException(exception);
        _ = _completion.Task.Exception; // observed, even when everybody has gone
    }

    /// <summary>Ends when the call has ended, well or not.</summary>
    public Task EndedAsync() => _completion.Task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
