using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.DPoP;

/// <summary>Remembers which proofs were used, for as long as they would be accepted again (RFC 9449, section 11.1); of each a hash, and no more of them than there is room for.</summary>
/// <remarks>
/// They are kept in sets by the time at which they expire, 10 seconds each, and forgotten by the set. It is one for the process: what another process has accepted
/// it does not know.
/// </remarks>
internal sealed class UsedProofs(int capacity)
{
    public const int DefaultCapacity = 1_000_000; // 40 to 80 MB when it is full, for a set grows by doubling

    private const long TicksPerSet = 10 * TimeSpan.TicksPerSecond;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, HashSet<UInt128>> _sets = [];
    private long _firstSet = long.MinValue;
    private int _count;

    /// <summary>Notes that a proof is used: of all who try it with the same one, one is the first.</summary>
    public ProofUse Add(string scheme, VerifiedProof proof, DateTimeOffset now)
    {
        UInt128 key = KeyOf(scheme, proof);
        long set = proof.ExpiresAt.UtcTicks / TicksPerSet;
        lock (_lock)
        {
            Forget(now.UtcTicks / TicksPerSet);

            // What belongs to a set that was forgotten may have been in it, if the clock was set back: who could say? All sets are looked at, since a reload may change
            // when a proof expires.
            if (set < _firstSet || _sets.Values.Any(used => used.Contains(key)))
                return ProofUse.Again;
            if (_count >= capacity)
                return ProofUse.NoRoom;

            if (!_sets.TryGetValue(set, out HashSet<UInt128>? proofs))
                _sets[set] = proofs = [];
            proofs.Add(key);
            _count++;
            return ProofUse.First;
        }
    }

    private void Forget(long before)
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

    /// <summary>A <c>jti</c> is unique for its key. Several schemes may judge one request: each of them meets its proof for the first time.</summary>
    private static UInt128 KeyOf(string scheme, VerifiedProof proof) =>
        BinaryPrimitives.ReadUInt128BigEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{scheme.Length}:{scheme}{proof.KeyThumbprint}{proof.Id}"))
        ); // a thumbprint always has the same length
}
