using IntrospectionAuth.DPoP;

namespace IntrospectionAuth.TenantResolution;

/// <summary>
/// The used DPoP proofs of each tenant of a scheme. They outlive the tenant, so that a proof is not accepted again after the tenant was
/// removed or evicted, and resolved again.
/// </summary>
/// <remarks>The caller holds a lock.</remarks>
internal sealed class TenantProofs
{
    private readonly Dictionary<string, UsedProofs> _all = new(StringComparer.Ordinal);
    private int _mostBeforeRemoval = 64;

    /// <param name="name">The name of the tenant.</param>
    /// <param name="isKept">Whether there is a tenant of a name.</param>
    /// <param name="now">The time. Proofs that have expired are not needed.</param>
    public UsedProofs Of(string name, Func<string, bool> isKept, DateTimeOffset now)
    {
        if (_all.TryGetValue(name, out UsedProofs? proofs))
            return proofs;

        if (_all.Count >= _mostBeforeRemoval)
        {
            foreach (string ended in _all.Where(it => !isKept(it.Key) && it.Value.IsEmpty(now)).Select(static it => it.Key).ToArray())
                _all.Remove(ended);
            _mostBeforeRemoval = Math.Max(64, 2 * _all.Count);
        }

        return _all[name] = new UsedProofs(UsedProofs.DefaultCapacity);
    }
}
