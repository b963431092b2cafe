using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.SharedCache;

namespace IntrospectionAuth.Calls;

/// <summary>Looks for a response about the token of a call that another node has shared, or is about to share.</summary>
internal sealed class FleetSearch(
    IntrospectionCache cache,
    InFlightCall call,
    Fleet fleet,
    SharedKey key,
    TimeSpan? requiredFreshness,
    FleetWait wait
)
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Finds a shared response that is fresh here, and stores it in memory.</summary>
    /// <returns>The response, and whether the engine is available.</returns>
    public async Task<(IntrospectionResult? Result, bool IsAvailable)> FindAsync()
    {
        IntrospectionScheme scheme = call.Server.Scheme;
        (IntrospectionResult? result, bool isAvailable) = await wait.ForAsync(() =>
            fleet.Responses.FindAsync(fleet, scheme, key, call.Token)
        );
        if (result is null)
            return (null, isAvailable);

        call.IsKnownActive = true;
        if (!IsUsable(result) || call.FindSupersession(result) != Supersession.None || HasNewer(result))
            return (null, true);

        cache.Set(scheme, call.Key, result, call.Number, () => call.MayStore(result) && !HasNewer(result));
        return (result, true);
    }

    /// <summary>Waits for the response that another node obtains, until that node no longer has the lease or the time is up.</summary>
    /// <param name="lease">The lease of the other node.</param>
    /// <param name="stopping">Cancelled when the application stops, which ends the wait.</param>
    public async Task<IntrospectionResult?> WaitAsync(Lease lease, CancellationToken stopping)
    {
        TimeProvider time = call.Server.Time;
        byte[]? holder = await wait.ForAsync(() => fleet.Leases.FindOtherHolderAsync(lease));
        bool isHeld = holder is not null;
        for (TimeSpan pause = s_shortestPause; isHeld && wait.Left > TimeSpan.Zero; pause = Longer(pause))
        {
            await Task.Delay(Shorter(pause, wait.Left), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
                return null;

            (IntrospectionResult? shared, bool isAvailable) = await FindAsync();
            if (shared is not null || !isAvailable)
                return shared;

            byte[]? current = await wait.ForAsync(() => fleet.Leases.FindOtherHolderAsync(lease));
            isHeld = current is not null && current.AsSpan().SequenceEqual(holder);
        }

        return (await FindAsync()).Result;
    }

    /// <summary>Whether this node has asked the server later than the node that shared the response.</summary>
    private bool HasNewer(IntrospectionResult result) => cache.Find(call.Server.Name, call.Key)?.ObtainedAt > result.ObtainedAt;

    private bool IsUsable(IntrospectionResult result)
    {
        DateTimeOffset now = call.Server.Now;
        EntryState state = Freshness.StateOf(new CacheEntry(call.Key, result), call.Server.Options.Cache, now);
        bool isNewer = call.RefreshedEntry is null || (state == EntryState.Fresh && result.ObtainedAt > call.RefreshedEntry.ObtainedAt);
        return state >= EntryState.Fresh && isNewer && !Freshness.IsTooOld(result.ObtainedAt, requiredFreshness, now);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan pause) => pause * 1.5 < s_longestPause ? pause * 1.5 : s_longestPause;
}
