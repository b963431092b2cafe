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
/// A lease lasts for half of <see cref="OAuthIntrospectionOptions.Timeout"/> at most, because the server may hang, and it expires earlier
/// if its node fails. Waiting and asking together take no longer than the timeout, however slow the engine is: after half of it, the
/// node asks for itself.
/// </item>
/// <item>A token of which there was an active response, and which is inactive now, is removed from the other nodes.</item>
/// <item>A node that must discover the endpoint does so first, for half of the timeout at most. Without it, it asks for itself.</item>
/// </list>
/// </remarks>
internal sealed class FleetCalls(IntrospectionCache cache, EntryRemover remover, FleetKeys keys)
{
    /// <param name="call">The call.</param>
    /// <param name="fleet">The fleet of its scheme.</param>
    /// <param name="requiredFreshness">The required freshness of the endpoint.</param>
    /// <param name="ask">Asks the server, after waiting for the given time.</param>
    /// <param name="stopping">Cancelled when the application stops.</param>
    public async Task<IntrospectionResult> RunAsync(
        InFlightCall call,
        Fleet fleet,
        TimeSpan? requiredFreshness,
        Func<TimeSpan, Task<IntrospectionResult>> ask,
        CancellationToken stopping
    )
    {
        OAuthIntrospectionOptions options = call.Server.Options;
        call.IsKnownActive =
            cache.FindResult(call.Server.Scheme, call.Key, requiredFreshness: null, EntryState.Stale)?.Response is not null;
        if (call.RefreshedEntry is not null)
            requiredFreshness = null; // another node's response is as good, if it is newer than the entry
        TimeSpan longestWait = options.Timeout / 2; // which leaves time to ask
        var wait = new FleetWait(call.Server.Time, longestWait);
        if (requiredFreshness == TimeSpan.Zero || options.Cache.MaximumAge == TimeSpan.Zero)
            return await AskAsync(call, fleet, Lease.None, wait, ask, mayBeShared: true);

        if (await keys.FindAsync(call, longestWait, stopping) is not { } key)
            return await AskAsync(call, fleet, Lease.None, wait, ask, mayBeShared: true);

        var search = new FleetSearch(cache, call, fleet, key, requiredFreshness, wait);
        (IntrospectionResult? shared, bool isAvailable) = await search.FindAsync();
        if (shared is not null)
            return shared;

        bool mayCall = call.Server.Guard.FindBackOff() is null;
        Lease lease = isAvailable && mayCall ? await EnterAsync(fleet, key, longestWait, wait) : Lease.None;
        if (lease.State == LeaseState.HeldElsewhere)
        {
            shared = await search.WaitAsync(lease, stopping);
            if (shared is not null)
                return shared;
        }

        if (lease.State == LeaseState.Held)
        {
            // Once more: another node may have shared the response, and given its lease back, since the first look.
            (shared, _) = await search.FindAsync();
            if (shared is not null)
            {
                Share(call, fleet, lease, result: null);
                return shared;
            }
        }

        return await AskAsync(call, fleet, lease, wait, ask, mayBeShared: wait.Left == TimeSpan.Zero); // it may not have looked
    }

    /// <summary>Tries to get the lease. One that is granted too late is given back at once.</summary>
    private static async Task<Lease> EnterAsync(Fleet fleet, SharedKey key, TimeSpan longest, FleetWait wait)
    {
        if (wait.Left == TimeSpan.Zero)
            return Lease.None;

        Task<Lease> entering = fleet.Leases.EnterAsync(key, longest);
        if (await wait.ForAsync(entering) is { } lease)
            return lease;

        BackgroundWork.Start((fleet, entering), static async it => await it.fleet.Leases.LeaveAsync(await it.entering));
        return Lease.None;
    }

    private async Task<IntrospectionResult> AskAsync(
        InFlightCall call,
        Fleet fleet,
        Lease lease,
        FleetWait wait,
        Func<TimeSpan, Task<IntrospectionResult>> ask,
        bool mayBeShared = false
    )
    {
        try
        {
            IntrospectionResult result = await ask(wait.Elapsed);
            bool isInactive = result is { IsUnavailable: false, Response: null };
            if (isInactive && call.IsKnownActive)
            {
                remover.ReportInactive(call.Token);
            }
            else if (isInactive && mayBeShared)
            {
                var left = new FleetWait(call.Server.Time, call.Server.Options.Timeout - wait.Elapsed);
                await left.ForAsync(ReportIfSharedAsync(call, fleet)); // later, if the engine does not respond in time
            }

            Share(call, fleet, lease, result);
            return result;
        }
        catch (Exception)
        {
            Share(call, fleet, lease, result: null);
            throw;
        }
    }

    /// <summary>Reports an inactive token if other nodes may use an active response: this call has not looked to the end.</summary>
    private async Task<bool> ReportIfSharedAsync(InFlightCall call, Fleet fleet)
    {
        SharedKey key = FleetKeys.OfResponse(call);
        bool isShared = (await fleet.Responses.FindAsync(fleet, call.Server.Scheme, key, call.Token)).Result is not null;
        if (isShared)
            remover.ReportInactive(call.Token);
        return isShared;
    }

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
                SharedKey key = FleetKeys.OfResponse(it.call);
                if (it.stamp is not null)
                    await it.fleet.Responses.StoreAsync(it.call.Server.Scheme, key, it.call.Token, it.result!, it.stamp);
                await it.fleet.Leases.LeaveAsync(it.lease);
            }
        );
    }
}
