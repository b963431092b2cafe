using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Server;

namespace IntrospectionAuth.Calls;

/// <summary>The calls in flight, and the rules by which requests share them and their results enter the cache.</summary>
/// <remarks>
/// <para>
/// <b>Calls</b> belong to no request: a caller that disconnects cancels nothing, and a call ends with its timeout or with the application.
/// They are numbered in the order in which they ask the authorization server. A retry asks again and takes a new number.
/// </para>
/// <para>
/// <b>Joining.</b> At most one call per cache key can be joined. A request joins it unless the response, whose age counts from when the
/// server was asked, is or becomes too old for the request; a call that asks after the request arrived never is. Otherwise the request
/// starts a call, which takes the place of the other. A request that accepts no age starts a call that cannot be joined. Removing a token
/// ends the joining of its calls.
/// </para>
/// <para>
/// <b>Superseded</b> is a result that a newer fact makes unusable: a removal that matches it and came after its call asked, or, when it is
/// active, the inactive result of a call that asked later. A request that waits for a superseded result introspects again.
/// </para>
/// <para>
/// <b>Storing.</b> A call stores its result unless it is unavailable or superseded, or a call about the token that asked later has its
/// result already. The check and the storing are one step under the lock of <see cref="IntrospectionCache"/>. A removal first records
/// itself in the calls, then removes entries under that lock: either the check finds the removal, or the removal finds the entry.
/// </para>
/// <para>
/// <b>Ending.</b> A call stores its result, then leaves the list, then completes its task. A request that arrives meanwhile finds the call
/// or the entry. After a failed call it finds neither, so a failure is shared by the requests that waited and by no later one.
/// </para>
/// <para>
/// <b>Lock order.</b> The lock of <see cref="IntrospectionCache"/>, then the lock of this class or of an <see cref="EntryStore"/>. No code
/// of the application runs under them.
/// </para>
/// </remarks>
internal sealed class InFlightCalls
{
    private readonly Lock _lock = new();
    private readonly HashSet<InFlightCall> _calls = [];
    private readonly Dictionary<CacheKey, TokenCalls> _byKey = [];
    private long _latestNumber;

    public long LatestNumber
    {
        get
        {
            lock (_lock)
                return _latestNumber;
        }
    }

    /// <summary>A snapshot of the calls in flight.</summary>
    public InFlightCall[] All
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    /// <summary>Joins the call about a token, or adds one when <see cref="InFlightCall.TimeUntilTooOld"/> leaves no time.</summary>
    public InFlightCall JoinOrAdd(
        SchemeServer server,
        in CacheKey key,
        string token,
        TimeSpan? maximumAge,
        long latestNumber,
        out bool isAdded
    )
    {
        DateTimeOffset now = server.Now;
        bool isShared = maximumAge != TimeSpan.Zero;
        lock (_lock)
        {
            InFlightCall? joinable = isShared ? _byKey.GetValueOrDefault(key)?.Joinable : null;
            isAdded = joinable is null || joinable.TimeUntilTooOld(maximumAge, latestNumber, now) <= TimeSpan.Zero;
            return isAdded ? Add(server, key, token, isShared) : joinable!;
        }
    }

    /// <summary>Adds a call that refreshes an entry; null when a call about the token can be joined.</summary>
    public InFlightCall? TryAddRefresh(SchemeServer server, CacheEntry entry, string token)
    {
        lock (_lock)
            return _byKey.GetValueOrDefault(entry.Key)?.Joinable is null ? Add(server, entry.Key, token, isShared: true, entry) : null;
    }

    /// <summary>Records that a call is about to ask the server, for the first time or again.</summary>
    public void RecordAsking(InFlightCall call)
    {
        DateTimeOffset now = call.Server.Now;
        lock (_lock)
            call.RecordAsking(++_latestNumber, now);
    }

    public void EndJoining(InFlightCall call)
    {
        lock (_lock)
        {
            if (call.Siblings.Joinable == call)
                call.Siblings.Joinable = null;
        }
    }

    public void Remove(InFlightCall call)
    {
        lock (_lock)
        {
            EndJoining(call);
            _calls.Remove(call);
            if (--call.Siblings.Count == 0)
                _byKey.Remove(call.Key);
        }
    }

    /// <summary>Records the removal of a token in its calls, regardless of the options that they use.</summary>
    public void RecordRemoval(string token)
    {
        foreach (InFlightCall call in All)
        {
            if (call.Token != token)
                continue;

            call.RecordRemoval(static _ => true);
            EndJoining(call);
        }
    }

    /// <summary>Records the removal of all entries in every call.</summary>
    public void RecordRemovalOfAll()
    {
        foreach (InFlightCall call in All)
            call.RecordRemoval(static _ => true);
    }

    /// <summary>Records the removal of all entries of a scheme in its calls.</summary>
    public void RecordRemovalOfScheme(string scheme)
    {
        foreach (InFlightCall call in All)
        {
            if (call.Server.Name == scheme)
                call.RecordRemoval(static _ => true);
        }
    }

    /// <summary>Records the removal of the active responses that match, by scheme, in every call.</summary>
    public void RecordRemoval(Func<string, Predicate<IntrospectionResponse>> matchOf)
    {
        foreach (InFlightCall call in All)
        {
            Predicate<IntrospectionResponse> isMatch = matchOf(call.Server.Name);
            call.RecordRemoval(result => result.Response is { } response && isMatch(response));
        }
    }

    private InFlightCall Add(SchemeServer server, in CacheKey key, string token, bool isShared, CacheEntry? refreshedEntry = null)
    {
        if (!_byKey.TryGetValue(key, out TokenCalls? siblings))
            _byKey.Add(key, siblings = new TokenCalls());

        var call = new InFlightCall(server, key, token, siblings, ++_latestNumber, _lock) { RefreshedEntry = refreshedEntry };
        siblings.Count++;
        if (isShared)
            siblings.Joinable = call;
        _calls.Add(call);
        return call;
    }
}
