using System.Security.Cryptography;

namespace IntrospectionAuth.SharedCache;

/// <summary>Lets one node at a time ask the authorization server about a token.</summary>
/// <remarks>
/// A lease is an entry of the engine, which exists during the call. It expires soon and is extended while the call is in flight, so that
/// the others need not wait for a node that fails. It is given back by removing it. A node that extends or removes a lease after it has
/// expired may end that of another node, and two nodes ask.
/// </remarks>
internal sealed class Leases(ISharedCacheEngine engine, EngineGuard guard, FleetSecret secret, TimeProvider time)
{
    private const int NodeLength = 16;
    private const int AttemptLength = 8;

    // Longer than a node that works may pause.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_extendedEvery = s_lifetime / 3;
    private static readonly TimeSpan s_shortestLifetime = TimeSpan.FromMilliseconds(1);

    private readonly IFleetEngine? _fleetEngine = engine as IFleetEngine;
    private readonly byte[] _node = RandomNumberGenerator.GetBytes(NodeLength);

    /// <summary>Tries to become the node that asks.</summary>
    /// <param name="key">The key of the response.</param>
    /// <param name="longest">How long the lease is extended at most.</param>
    public async Task<Lease> EnterAsync(SharedKey key, TimeSpan longest)
    {
        if (_fleetEngine is null)
            return Lease.None;

        string engineKey = secret.HashKey('l', key.Bytes);
        byte[] holder = [.. _node, .. RandomNumberGenerator.GetBytes(AttemptLength)];
        TimeSpan lifetime = LifetimeWithin(longest);
        (bool succeeded, bool isAdded) = await guard.TryAsync("lease", it => _fleetEngine.TryAddAsync(engineKey, holder, lifetime, it));
        if (!succeeded)
            return Lease.None;
        if (!isAdded)
            return new Lease(LeaseState.HeldElsewhere, engineKey);

        var lease = new Lease(LeaseState.Held, engineKey);
        lease.ExtendBy(ended => ExtendAsync(engineKey, holder, longest, ended));
        return lease;
    }

    /// <returns>
    /// What identifies the call of another node that has the lease; null when there is none, when this node could not give the lease back,
    /// or when the engine does not respond.
    /// </returns>
    public async Task<byte[]?> FindOtherHolderAsync(Lease lease)
    {
        (_, byte[]? holder) = await guard.TryAsync("lease", it => engine.GetAsync(lease.EngineKey, it));
        return holder.AsSpan().StartsWith(_node) ? null : holder;
    }

    public async Task LeaveAsync(Lease lease)
    {
        if (lease.State != LeaseState.Held)
            return;

        await lease.DisposeAsync();
        await guard.TryAsync("lease", it => engine.RemoveAsync(lease.EngineKey, it));
    }

    private async Task ExtendAsync(string engineKey, byte[] holder, TimeSpan longest, CancellationToken ended)
    {
        long startedAt = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(s_extendedEvery, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            TimeSpan left = longest - time.GetElapsedTime(startedAt);
            if (ended.IsCancellationRequested || left < s_shortestLifetime)
                return;

            await guard.TryAsync("lease", it => engine.SetAsync(engineKey, holder, LifetimeWithin(left), it));
        }
    }

    private static TimeSpan LifetimeWithin(TimeSpan longest) =>
        longest > s_lifetime ? s_lifetime
        : longest > s_shortestLifetime ? longest
        : s_shortestLifetime;
}
