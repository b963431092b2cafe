using System.Collections.Concurrent;
using System.Diagnostics;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Telemetry;

namespace IntrospectionAuth.Caching;

/// <summary>The calls under way: one for a token, whoever waits for it. They belong to no request, and end with the application.</summary>
internal sealed class SharedCalls(GuardedClient client, IntrospectionCache cache, IntrospectionActivities activities) : IDisposable, IAsyncDisposable
{
    private readonly ConcurrentDictionary<CacheKey, SharedCall> _joinable = new();
    private readonly ConcurrentDictionary<SharedCall, bool> _running = new();
    private readonly ConcurrentDictionary<CacheKey, TokenCalls> _byToken = new();
    private readonly CancellationTokenSource _stopping = new();
    private long _order;

    public IEnumerable<string> Schemes => _running.Keys.Select(static call => call.Scheme);

    /// <summary>Joins the call about a token, or begins it.</summary>
    public SharedCall Join(string scheme, OAuthIntrospectionOptions options, CacheKey key, string token, TimeSpan? demand)
    {
        if (_joinable.TryGetValue(key, out SharedCall? underWay))
            return underWay;

        SharedCall call = Create(scheme, key);
        SharedCall shared = _joinable.GetOrAdd(key, call);
        if (shared == call)
            return Begin(call, options, token, demand);

        Leave(call);
        return shared;
    }

    /// <summary>Begins a call that nobody joins.</summary>
    public SharedCall BeginAlone(string scheme, OAuthIntrospectionOptions options, CacheKey key, string token, TimeSpan? demand) =>
        Begin(Create(scheme, key), options, token, demand);

    /// <summary>Announces a call that the caller will run; null when one about the same token is under way.</summary>
    public SharedCall? TryAnnounce(string scheme, CacheKey key)
    {
        SharedCall call = Create(scheme, key);
        if (!_joinable.TryAdd(key, call))
        {
            Leave(call);
            return null;
        }

        _running[call] = true;
        return call;
    }

    public void StopJoining(CacheKey key) => _joinable.TryRemove(key, out _);

    /// <summary>Tells every call under way that what it will bring may be out of date.</summary>
    public void Tell(Removal removal)
    {
        foreach (SharedCall call in _running.Keys)
            call.Note(removal);
    }

    /// <summary>Runs a call to its end; its task tells how it went.</summary>
    public async Task RunAsync(SharedCall call, OAuthIntrospectionOptions options, string token, TimeSpan? demand, bool isRefresh = false)
    {
        // Whoever comes later finds the entry, the call or, when the call failed, nothing of it: hence first store, then remove, then complete.
        try
        {
            // Between this call's miss and its start another one may have ended.
            IntrospectionResult result = cache.Find(call.Scheme, options, call.Key, demand, Usability.Fresh) ?? await IntrospectAsync(call, options, token, isRefresh);
            Remove(call);
            call.Complete(result);
        }
        catch (Exception exception)
        {
            Remove(call);
            call.Fail(exception);
        }
    }

    /// <summary>Stops the calls under way. Those who wait for them are told that nobody could find out.</summary>
    public void Dispose() => _stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await IdleAsync();
    }

    /// <summary>Ends when the calls that are under way now have ended.</summary>
    public async Task IdleAsync()
    {
        foreach (SharedCall call in _running.Keys)
            await call.EndedAsync();
    }

    private SharedCall Begin(SharedCall call, OAuthIntrospectionOptions options, string token, TimeSpan? demand)
    {
        // Unsafe: no execution context, and so no HttpContext or activity of the request that happens to be first, reaches the call.
        _running[call] = true;
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Self.RunAsync(state.call, state.options, state.token, state.demand), (Self: this, call, options, token, demand), preferLocal: false);
        return call;
    }

    private void Remove(SharedCall call)
    {
        _joinable.TryRemove(new(call.Key, call));
        _running.TryRemove(call, out _);
        Leave(call);
    }

    private SharedCall Create(string scheme, in CacheKey key)
    {
        TokenCalls others;
        do
            others = _byToken.GetOrAdd(key, static _ => new TokenCalls());
        while (!others.TryEnter());

        return new SharedCall(scheme, key, others, Interlocked.Increment(ref _order));
    }

    private void Leave(SharedCall call)
    {
        if (call.Leave())
            _byToken.TryRemove(call.Key, out _);
    }

    private async Task<IntrospectionResult> IntrospectAsync(SharedCall call, OAuthIntrospectionOptions options, string token, bool isRefresh)
    {
        using Activity? activity = activities.Start(call.Scheme);
        call.Span = activity;
        try
        {
            IntrospectionResult result = await client.IntrospectAsync(call.Scheme, options, token, isRefresh, () => call.Order = Interlocked.Increment(ref _order), _stopping.Token);
            IntrospectionActivities.End(activity, result.OutcomeName, result.Unavailability?.ErrorType);
            cache.Set(call, options, result);
            return result;
        }
        catch (Exception exception)
        {
            IntrospectionActivities.Fail(activity, exception);
            throw;
        }
    }
}
