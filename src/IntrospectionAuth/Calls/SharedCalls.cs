using System.Collections.Concurrent;
using System.Diagnostics;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Server;
using IntrospectionAuth.Telemetry;

namespace IntrospectionAuth.Calls;

/// <summary>The calls under way: one for a token, whoever waits for it. They belong to no request, and end with the application.</summary>
internal sealed class SharedCalls(ServerIntrospector introspector, IntrospectionCache cache, IntrospectionActivities activities)
    : IDisposable,
        IAsyncDisposable
{
    private readonly ConcurrentDictionary<CacheKey, SharedCall> _joinable = new();
    private readonly ConcurrentDictionary<SharedCall, bool> _running = new();
    private readonly ConcurrentDictionary<CacheKey, TokenCalls> _byToken = new();
    private readonly CancellationTokenSource _stopping = new();
    private long _order;

    /// <summary>The number of the call that has asked last.</summary>
    public long LatestOrder => Interlocked.Read(ref _order);

    /// <summary>Joins the call about a token, or begins one; it takes the place of one whose result would come too late.</summary>
    public SharedCall Join(SchemeServer server, CacheKey key, string token, TimeSpan? demand, Func<SharedCall, bool> mayJoin)
    {
        while (true)
        {
            _joinable.TryGetValue(key, out SharedCall? inFlight);
            if (inFlight is not null && mayJoin(inFlight))
                return inFlight;

            SharedCall call = Create(server, key, token);
            if (inFlight is null ? _joinable.TryAdd(key, call) : _joinable.TryUpdate(key, call, inFlight))
                return Begin(call, demand);

            Leave(call); // somebody else was faster, or that call has just ended
        }
    }

    /// <summary>Begins a call that nobody joins.</summary>
    public SharedCall BeginAlone(SchemeServer server, CacheKey key, string token, TimeSpan? demand) =>
        Begin(Create(server, key, token), demand);

    /// <summary>Announces a call that the caller will run; null when one about the same token is under way.</summary>
    public SharedCall? TryAnnounce(SchemeServer server, CacheKey key, string token)
    {
        SharedCall call = Create(server, key, token);
        if (!_joinable.TryAdd(key, call))
        {
            Leave(call);
            return null;
        }

        _running[call] = true;
        return call;
    }

    /// <summary>
    /// Tells the calls about a token, by whatever options they are made, that it was removed; nobody joins them any more.
    /// </summary>
    public void NoteRemoval(string token)
    {
        foreach (SharedCall call in _running.Keys)
        {
            if (call.Token != token)
                continue;

            call.NoteRemoval();
            _joinable.TryRemove(new(call.Key, call));
        }
    }

    /// <summary>Tells every call in flight which responses were removed.</summary>
    public void NoteRemoval(Func<string, Predicate<IntrospectionResponse>> matchOf)
    {
        foreach (SharedCall call in _running.Keys)
            call.NoteRemoval(matchOf(call.Server.Name));
    }

    /// <summary>Tells the calls of a scheme that all of its entries were removed.</summary>
    public void NoteRemovalOfAll(string scheme)
    {
        foreach (SharedCall call in _running.Keys)
        {
            if (call.Server.Name == scheme)
                call.NoteRemoval();
        }
    }

    /// <summary>Runs a call to its end; its task tells how it went.</summary>
    public async Task RunAsync(SharedCall call, TimeSpan? demand, bool isRefresh = false)
    {
        // Whoever comes later finds the entry, the call or, when the call failed, nothing of it: hence first store, then remove, then complete.
        try
        {
            IntrospectionResult result = FindKept(call, demand) ?? await IntrospectAsync(call, isRefresh);
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

    /// <summary>Between a call's miss and its start another one may have ended, whose result serves.</summary>
    private IntrospectionResult? FindKept(SharedCall call, TimeSpan? demand)
    {
        if (cache.FindResult(call.Server.Scheme, call.Key, demand, EntryState.Fresh) is null)
            return null;

        // Once nobody can join any more, it is looked for again: a request that came after a removal must not get what was removed.
        _joinable.TryRemove(new(call.Key, call));
        return cache.FindResult(call.Server.Scheme, call.Key, demand, EntryState.Fresh);
    }

    private SharedCall Begin(SharedCall call, TimeSpan? demand)
    {
        // Unsafe: no execution context, and so no HttpContext or activity of the request that happens to be first, reaches the call.
        _running[call] = true;
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Self.RunAsync(state.call, state.demand),
            (Self: this, call, demand),
            preferLocal: false
        );
        return call;
    }

    private void Remove(SharedCall call)
    {
        _joinable.TryRemove(new(call.Key, call));
        _running.TryRemove(call, out _);
        Leave(call);
    }

    private SharedCall Create(SchemeServer server, in CacheKey key, string token)
    {
        TokenCalls others;
        do others = _byToken.GetOrAdd(key, static _ => new TokenCalls());
        while (!others.TryEnter());

        return new SharedCall(server, key, token, others, Interlocked.Increment(ref _order));
    }

    private void Leave(SharedCall call)
    {
        if (call.Leave())
            _byToken.TryRemove(call.Key, out _);
    }

    private async Task<IntrospectionResult> IntrospectAsync(SharedCall call, bool isRefresh)
    {
        using Activity? activity = activities.Start(call.Server.Name);
        call.Span = activity;
        try
        {
            using var introspection = new IntrospectionCall(call.Server.Scheme, call.Token, _stopping.Token)
            {
                IsRefresh = isRefresh,
                OnSending = () => call.NoteAsking(Interlocked.Increment(ref _order), call.Server.Now),
            };
            IntrospectionResult result = await introspector.IntrospectAsync(call.Server, introspection);
            IntrospectionActivities.End(activity, result.OutcomeName, result.Unavailability?.ErrorType);
            cache.Set(call, result);
            return result;
        }
        catch (Exception exception)
        {
            IntrospectionActivities.Fail(activity, exception);
            throw;
        }
    }
}
