using System.Security.Cryptography;
using IntrospectionAuth.Caching;

namespace IntrospectionAuth.SharedCache;

/// <summary>Lets one node at a time ask the authorization server about a token.</summary>
/// <remarks>
/// A lease is an entry of the engine, which exists during the call. It is given back by removing it. If that happens after it has expired,
/// another node may lose its own, and two nodes ask. If it is never given back, because the engine or the node fails, it expires.
/// </remarks>
internal sealed class Leases(ISharedCacheEngine engine, EngineGuard guard, FleetSecret secret)
{
    private const int NodeLength = 16;
    private const int AttemptLength = 8;

    private readonly IFleetEngine? _fleetEngine = engine as IFleetEngine;
    private readonly byte[] _node = RandomNumberGenerator.GetBytes(NodeLength);

    /// <summary>Tries to become the node that asks.</summary>
    public async Task<Lease> EnterAsync(CacheKey key, TimeSpan lifetime)
    {
        if (_fleetEngine is null)
            return Lease.None;

        string engineKey = secret.HashKey('l', key);
        byte[] holder = [.. _node, .. RandomNumberGenerator.GetBytes(AttemptLength)];
        (bool succeeded, bool isAdded) = await guard.TryAsync("lease", it => _fleetEngine.TryAddAsync(engineKey, holder, lifetime, it));
        return !succeeded ? Lease.None : new Lease(isAdded ? LeaseState.Held : LeaseState.HeldElsewhere, engineKey);
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
        if (lease.State == LeaseState.Held)
            await guard.TryAsync("lease", it => engine.RemoveAsync(lease.EngineKey, it));
    }
}
