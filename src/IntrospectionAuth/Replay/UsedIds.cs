using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Replay;

/// <summary>Stores hashes of ids that may be used once, until what they identify expires, up to a capacity.</summary>
/// <remarks>
/// Each set holds the ids that expire within the same 10 seconds, and is removed as a whole. The store belongs to one process, so it
/// does not detect ids that were used with another one.
/// </remarks>
internal sealed class UsedIds(int capacity)
{
    private const long TicksPerSet = 10 * TimeSpan.TicksPerSecond;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, IdSet> _sets = [];
    private long _firstSet = long.MinValue;
    private DateTimeOffset _latestRemoved; // when the latest of the ids that are removed was issued
    private int _count;

    /// <summary>
    /// Whether an id counts as first used if it may have been removed before the clock was set back. Otherwise it counts as replayed.
    /// </summary>
    public bool AcceptsUncertain { get; init; }

    /// <summary>The hash of an id. The text must be unambiguous: prefix parts with their lengths.</summary>
    public static UInt128 Hash(string text) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// Records that an id is used. Of several concurrent calls with the same id, exactly one gets <see cref="IdUse.First"/>.
    /// </summary>
    /// <param name="hash">The <see cref="Hash"/> of the id.</param>
    /// <param name="expiresAt">When the id expires.</param>
    /// <param name="now">The time.</param>
    /// <param name="issuedAt">
    /// When the id was issued, if a reload may change how long ids are valid: one that is older than a removed id may have been removed,
    /// too.
    /// </param>
    public IdUse Add(UInt128 hash, DateTimeOffset expiresAt, DateTimeOffset now, DateTimeOffset? issuedAt = null)
    {
        long set = expiresAt.UtcTicks / TicksPerSet;
        lock (_lock)
        {
            RemoveExpiredSets(now.UtcTicks / TicksPerSet);

            // All sets are searched, because a reload of the options may have changed when the id expires.
            if (_sets.Values.Any(used => used.Ids.Contains(hash)))
                return IdUse.Replayed;
            if ((set < _firstSet || issuedAt <= _latestRemoved) && !AcceptsUncertain)
                return IdUse.Replayed;
            if (_count >= capacity)
                return IdUse.StoreFull;

            if (!_sets.TryGetValue(set, out IdSet? ids))
                _sets[set] = ids = new IdSet();
            ids.Ids.Add(hash);
            if (issuedAt > ids.Latest)
                ids.Latest = issuedAt.Value;
            _count++;
            return IdUse.First;
        }
    }

    /// <summary>Whether every id has expired.</summary>
    public bool IsEmpty(DateTimeOffset now)
    {
        lock (_lock)
        {
            RemoveExpiredSets(now.UtcTicks / TicksPerSet);
            return _count == 0;
        }
    }

    private void RemoveExpiredSets(long before)
    {
        if (before <= _firstSet)
            return;

        _firstSet = before;
        foreach (long set in _sets.Keys.Where(set => set < before).ToArray())
        {
            _sets.Remove(set, out IdSet? removed);
            _count -= removed!.Ids.Count;
            if (removed.Latest > _latestRemoved)
                _latestRemoved = removed.Latest;
        }
    }

    private sealed class IdSet
    {
        public HashSet<UInt128> Ids { get; } = [];

        /// <summary>When the latest of the ids was issued.</summary>
        public DateTimeOffset Latest { get; set; }
    }
}
