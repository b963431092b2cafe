using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.DPoP;

/// <summary>
/// Stores hashes of used proofs until the proofs expire (RFC 9449, section 11.1), up to a capacity.
/// </summary>
/// <remarks>
/// Each set holds the proofs that expire within the same 10 seconds, and is removed as a whole. The store belongs to one process, so it
/// does not detect proofs that were used with another one.
/// </remarks>
internal sealed class UsedProofs(int capacity)
{
    public const int DefaultCapacity = 1_000_000; // 40 to 80 MB when full, because a set grows by doubling

    private const long TicksPerSet = 10 * TimeSpan.TicksPerSecond;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, HashSet<UInt128>> _sets = [];
    private long _firstSet = long.MinValue;
    private int _count;

    /// <summary>
    /// Records that a proof is used. Of several concurrent calls with the same proof, exactly one gets <see cref="ProofUse.First"/>.
    /// </summary>
    public ProofUse Add(string scheme, VerifiedProof proof, DateTimeOffset now)
    {
        UInt128 key = KeyOf(scheme, proof);
        long set = proof.ExpiresAt.UtcTicks / TicksPerSet;
        lock (_lock)
        {
            RemoveExpiredSets(now.UtcTicks / TicksPerSet);

            // After a clock is set back, a proof of a removed set may have been used. All sets are searched, because a reload of the
            // options may have changed when the proof expires.
            if (set < _firstSet || _sets.Values.Any(used => used.Contains(key)))
                return ProofUse.Replayed;
            if (_count >= capacity)
                return ProofUse.StoreFull;

            if (!_sets.TryGetValue(set, out HashSet<UInt128>? proofs))
                _sets[set] = proofs = [];
            proofs.Add(key);
            _count++;
            return ProofUse.First;
        }
    }

    private void RemoveExpiredSets(long before)
    {
        if (before <= _firstSet)
            return;

        _firstSet = before;
        foreach (long set in _sets.Keys.Where(set => set < before).ToArray())
        {
            _count -= _sets[set].Count;
            _sets.Remove(set);
        }
    }

    /// <summary>
    /// A <c>jti</c> is unique for its key. The scheme is included because several schemes may authenticate the same request.
    /// </summary>
    private static UInt128 KeyOf(string scheme, VerifiedProof proof) =>
        BinaryPrimitives.ReadUInt128BigEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{scheme.Length}:{scheme}{proof.KeyThumbprint}{proof.Id}"))
        ); // all thumbprints have the same length
}
