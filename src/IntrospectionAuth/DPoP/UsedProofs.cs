using System.Collections.Concurrent;
using IntrospectionAuth.Replay;

namespace IntrospectionAuth.DPoP;

/// <summary>Stores hashes of used proofs until the proofs expire (RFC 9449, section 11.1), up to a capacity for each scheme.</summary>
/// <remarks>
/// Each scheme has a store of its own because it may have a clock of its own. After a clock was set back, a proof that may have been
/// removed counts as replayed.
/// </remarks>
internal sealed class UsedProofs(int capacity)
{
    public const int DefaultCapacity = 1_000_000; // 40 to 80 MB when full, because a set grows by doubling

    private readonly ConcurrentDictionary<string, UsedIds> _schemes = new(StringComparer.Ordinal);

    /// <summary>Records that a proof is used, as <see cref="UsedIds.Add"/> does.</summary>
    public IdUse Add(string scheme, VerifiedProof proof, DateTimeOffset now) =>
        _schemes
            .GetOrAdd(scheme, static (_, capacity) => new UsedIds(capacity), capacity)
            .Add(HashOf(scheme, proof), proof.ExpiresAt, now, proof.IssuedAt);

    /// <summary>Whether every proof has expired.</summary>
    public bool IsEmpty(DateTimeOffset now) => _schemes.Values.All(it => it.IsEmpty(now));

    /// <summary>
    /// A <c>jti</c> is unique for its key. The scheme is included because several schemes may authenticate the same request.
    /// </summary>
    private static UInt128 HashOf(string scheme, VerifiedProof proof) =>
        UsedIds.Hash($"{scheme.Length}:{scheme}{proof.KeyThumbprint}{proof.Id}"); // all thumbprints have the same length
}
