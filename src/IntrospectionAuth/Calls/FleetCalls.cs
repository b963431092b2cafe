using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.SharedCache;

namespace IntrospectionAuth.Calls;

/// <summary>Obtains a response for the whole fleet: from the shared cache, from a node that is asking, or from the server.</summary>
/// <remarks>
/// <list type="number">
/// <item>A response in the shared cache is stored in memory, like the response of a call, unless a removal has superseded the call.</item>
/// <item>Otherwise the node that gets the lease asks the server. It shares an active response, then gives the lease back.</item>
/// <item>
/// The other nodes look for that response until the lease is given back. If there is none by then, because the token is inactive or the
/// server is unavailable, each of them asks for itself: one call per node.
/// </item>
/// <item>
/// A lease lasts for half of <see cref="OAuthIntrospectionOptions.Timeout"/> at most, for its node may fail. Waiting and asking together
/// take no longer than the timeout.
/// </item>
/// <item>A token of which there was an active response, and which is inactive now, is removed from the other nodes.</item>
/// </list>
/// </remarks>
internal sealed class FleetCalls(IntrospectionCache cache, EntryRemover remover)
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(50);

    /// <param name="call">The call.</param>
    /// <param name="fleet">The fleet of its scheme.</param>
    /// <param name="requiredFreshness">The required freshness of the endpoint.</param>
    /// <param name="ask">Asks the server, after waiting for the given time.</param>
    public async Task<IntrospectionResult> RunAsync(
        InFlightCall call,
        Fleet fleet,
        TimeSpan? requiredFreshness,
        Func<TimeSpan, Task<IntrospectionResult>> ask
    )
    {
        OAuthIntrospectionOptions options = call.Server.Options;
        call.IsKnownActive =
            cache.FindResult(call.Server.Scheme, call.Key, requiredFreshness: null, EntryState.Stale)?.Response is not null;
        if (call.RefreshedEntry is not null)
            requiredFreshness = null; // another node's response is as good, if it is newer than the entry
        if (requiredFreshness == TimeSpan.Zero || options.Cache.MaximumAge == TimeSpan.Zero)
            return await AskAsync(call, fleet, Lease.None, TimeSpan.Zero, ask, mayBeShared: true);

        long startedAt = call.Server.Time.GetTimestamp();
        (IntrospectionResult? shared, bool isAvailable) = await FindAsync(call, fleet, requiredFreshness);
        if (shared is not null)
            return shared;

        bool mayCall = call.Server.Guard.FindBackOff() is null;
        Lease lease = isAvailable && mayCall ? await fleet.Leases.EnterAsync(call.Key, LongestWait(options)) : Lease.None;
        if (lease.State == LeaseState.HeldElsewhere)
        {
            shared = await WaitAsync(call, fleet, lease, requiredFreshness, startedAt);
            if (shared is not null)
                return shared;
        }

        if (lease.State == LeaseState.Held)
        {
            // Once more: another node may have shared the response, and given its lease back, since the first look.
            (shared, _) = await FindAsync(call, fleet, requiredFreshness);
            if (shared is not null)
            {
                Share(call, fleet, lease, result: null);
                return shared;
            }
        }

        return await AskAsync(call, fleet, lease, call.Server.Time.GetElapsedTime(startedAt), ask);
    }

    private async Task<IntrospectionResult> AskAsync(
        InFlightCall call,
        Fleet fleet,
        Lease lease,
        TimeSpan waited,
        Func<TimeSpan, Task<IntrospectionResult>> ask,
        bool mayBeShared = false
    )
    {
        try
        {
            IntrospectionResult result = await ask(waited);
            bool isInactive = result is { IsUnavailable: false, Response: null };
            if (isInactive && (call.IsKnownActive || (mayBeShared && await IsSharedAsync(call, fleet))))
                remover.ReportInactive(call.Token);
            Share(call, fleet, lease, result);
            return result;
        }
        catch (Exception)
        {
            Share(call, fleet, lease, result: null);
            throw;
        }
    }

    /// <summary>Whether other nodes may use an active response, for which this call has not looked before.</summary>
    private static async Task<bool> IsSharedAsync(InFlightCall call, Fleet fleet) =>
        (await fleet.Responses.FindAsync(fleet, call.Server.Scheme, call.Key, call.Token)).Result is not null;

    /// <summary>Shares the response and gives the lease back. No request waits for it.</summary>
    private static void Share(InFlightCall call, Fleet fleet, Lease lease, IntrospectionResult? result)
    {
        FeedStamp? stamp = result?.Response is not null && call.FindSupersession(result) == Supersession.None ? call.Stamp : null;
        if (stamp is null && lease.State != LeaseState.Held)
            return;

        BackgroundWork.Start(
            (call, fleet, lease, result, stamp),
            static async it =>
            {
                if (it.stamp is not null)
                    await it.fleet.Responses.StoreAsync(it.call.Server.Scheme, it.call.Key, it.call.Token, it.result!, it.stamp);
                await it.fleet.Leases.LeaveAsync(it.lease);
            }
        );
    }

    /// <summary>Looks for the response that another node obtains, until that node has given the lease back or the time is up.</summary>
    private async Task<IntrospectionResult?> WaitAsync(
        InFlightCall call,
        Fleet fleet,
        Lease lease,
        TimeSpan? requiredFreshness,
        long startedAt
    )
    {
        TimeProvider time = call.Server.Time;
        TimeSpan longestWait = LongestWait(call.Server.Options);
        byte[]? holder = await fleet.Leases.FindOtherHolderAsync(lease);
        bool isHeld = holder is not null;
        for (TimeSpan pause = s_shortestPause; isHeld && time.GetElapsedTime(startedAt) < longestWait; pause = Longer(pause))
        {
            await Task.Delay(pause, time);
            (IntrospectionResult? shared, bool isAvailable) = await FindAsync(call, fleet, requiredFreshness);
            if (shared is not null || !isAvailable)
                return shared;

            isHeld = await fleet.Leases.FindOtherHolderAsync(lease) is { } current && current.AsSpan().SequenceEqual(holder);
        }

        return (await FindAsync(call, fleet, requiredFreshness)).Result;
    }

    /// <summary>Finds a shared response that is fresh here, and stores it in memory.</summary>
    private async Task<(IntrospectionResult? Result, bool IsAvailable)> FindAsync(
        InFlightCall call,
        Fleet fleet,
        TimeSpan? requiredFreshness
    )
    {
        IntrospectionScheme scheme = call.Server.Scheme;
        (IntrospectionResult? result, bool isAvailable) = await fleet.Responses.FindAsync(fleet, scheme, call.Key, call.Token);
        if (result is null)
            return (null, isAvailable);

        call.IsKnownActive = true;
        if (!IsUsable(call, result, requiredFreshness) || call.FindSupersession(result) != Supersession.None || HasNewer(call, result))
            return (null, true);

        cache.Set(scheme, call.Key, result, call.Number, () => call.MayStore(result) && !HasNewer(call, result));
        return (result, true);
    }

    /// <summary>Whether this node has asked the server later than the node that shared the response.</summary>
    private bool HasNewer(InFlightCall call, IntrospectionResult result) =>
        cache.Find(call.Server.Name, call.Key)?.ObtainedAt > result.ObtainedAt;

    private static bool IsUsable(InFlightCall call, IntrospectionResult result, TimeSpan? requiredFreshness)
    {
        DateTimeOffset now = call.Server.Now;
        EntryState state = Freshness.StateOf(new CacheEntry(call.Key, result), call.Server.Options.Cache, now);
        bool isNewer = call.RefreshedEntry is null || (state == EntryState.Fresh && result.ObtainedAt > call.RefreshedEntry.ObtainedAt);
        return state >= EntryState.Fresh && isNewer && !Freshness.IsTooOld(result.ObtainedAt, requiredFreshness, now);
    }

    /// <summary>
    /// How long a node has a lease at most, and others wait for it. It leaves time to ask, because the node may not give the lease back.
    /// </summary>
    private static TimeSpan LongestWait(OAuthIntrospectionOptions options) => options.Timeout / 2;

    private static TimeSpan Longer(TimeSpan pause) => pause * 1.5 < s_longestPause ? pause * 1.5 : s_longestPause;
}
