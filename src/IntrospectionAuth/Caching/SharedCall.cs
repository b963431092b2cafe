using System.Diagnostics;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>A call under way, which belongs to no request, and what has been said about its answer meanwhile.</summary>
internal sealed class SharedCall(string scheme, CacheKey key)
{
    private readonly TaskCompletionSource<IntrospectionResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CacheKey _key = key;
    private readonly Lock _lock = new();
    private List<Removal>? _removals;

    public string Scheme { get; } = scheme;

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

    /// <summary>Whether the answer was asked for before somebody had it forgotten.</summary>
    public bool IsOverruled(IntrospectionResult result)
    {
        lock (_lock)
            return _removals?.Exists(removal => removal(Scheme, _key, result)) == true;
    }

    public void Complete(IntrospectionResult result) => _completion.SetResult(result);

    public void Fail(Exception exception)
    {
        _completion.SetException(exception);
        _ = _completion.Task.Exception; // observed, even when everybody has gone
    }

    /// <summary>Ends when the call has ended, well or not.</summary>
    public Task EndedAsync() => _completion.Task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
