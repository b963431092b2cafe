namespace IntrospectionAuth.TenantResolution;

/// <summary>A resolved tenant: its state, which ends after its last use, and its current options.</summary>
internal sealed class Tenant : IDisposable
{
    private readonly TenantState _state;
    private readonly TaskCompletionSource _evicted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _uses = 1; // the first one is that of the cache
    private volatile Version _current;
    private int _isRefreshing;

    public Tenant(string name, TenantState state, OAuthIntrospectionOptions schemeOptions, DateTimeOffset resolveAt)
    {
        Name = name;
        _state = state;
        _current = new(state.CreateServices(), schemeOptions, resolveAt);
    }

    public string Name { get; }

    public TenantState State => _state;

    public HandlerServices Services => _current.Services;

    /// <summary>The options of the scheme when the settings were resolved. Others mean that they must be resolved again.</summary>
    public OAuthIntrospectionOptions SchemeOptions => _current.SchemeOptions;

    /// <summary>When the fault of the settings was last logged; null when they have none.</summary>
    public DateTimeOffset? FaultLoggedAt { get; set; }

    /// <summary>Completes when the cache no longer keeps the tenant. Requests may use it for longer.</summary>
    public Task Evicted => _evicted.Task;

    /// <summary>Called when the last use has ended.</summary>
    public Action? OnEnded { get; set; }

    /// <summary>Begins a use, unless the tenant has ended.</summary>
    public bool TryUse()
    {
        int uses = Volatile.Read(ref _uses);
        while (uses > 0)
        {
            int seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
                return true;
            uses = seen;
        }

        return false;
    }

    /// <summary>Ends a use. The last one ends the state.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _uses) != 0)
            return;

        OnEnded?.Invoke();
        BackgroundWork.Start(_state, static state => state.DisposeAsync().AsTask());
    }

    /// <summary>Whether the caller is to resolve the settings again, while the current ones stay in use.</summary>
    public bool TryBeginRefresh(DateTimeOffset now) => now >= _current.ResolveAt && Interlocked.Exchange(ref _isRefreshing, 1) == 0;

    /// <summary>Ends the use by the cache.</summary>
    public void Evict()
    {
        _evicted.TrySetResult();
        Dispose();
    }

    /// <summary>Takes other options into use, like a reload of those of a scheme: what is still true of the server is kept.</summary>
    public void Update(OAuthIntrospectionOptions options, OAuthIntrospectionOptions schemeOptions, DateTimeOffset resolveAt)
    {
        _state.Options.Current = options;
        _current = new(_state.CreateServices(), schemeOptions, resolveAt);
        FaultLoggedAt = null;
        Volatile.Write(ref _isRefreshing, 0);
    }

    /// <summary>Keeps the options in use, because they could not be resolved again.</summary>
    public void Keep(OAuthIntrospectionOptions schemeOptions, DateTimeOffset resolveAt)
    {
        _current = new(_current.Services, schemeOptions, resolveAt);
        Volatile.Write(ref _isRefreshing, 0);
    }

    private sealed record Version(HandlerServices Services, OAuthIntrospectionOptions SchemeOptions, DateTimeOffset ResolveAt);
}
