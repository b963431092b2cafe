using IntrospectionAuth.Replay;

namespace IntrospectionAuth.DPoP;

/// <summary>Stores hashes of used proofs until the proofs expire (RFC 9449, section 11.1), up to a capacity.</summary>
internal sealed class UsedProofs(int capacity)
{
    public const int DefaultCapacity = 1_000_000; // 40 to 80 MB when full, because a set grows by doubling

    private readonly UsedIds _ids = new(capacity);

    /// <inheritdoc cref="UsedIds.Add"/>
    public IdUse Add(string scheme, VerifiedProof proof, DateTimeOffset now) => _ids.Add(HashOf(scheme, proof), proof.ExpiresAt, now);

    /// <summary>Whether every proof has expired.</summary>
    public bool IsEmpty(DateTimeOffset now) => _ids.IsEmpty(now);

    /// <summary>
    /// A <c>jti</c> is unique for its key. The scheme is included because several schemes may authenticate the same request.
    /// </summary>
    private static UInt128 HashOf(string scheme, VerifiedProof proof) =>
        UsedIds.Hash($"{scheme.Length}:{scheme}{proof.KeyThumbprint}{proof.Id}"); // all thumbprints have the same length
}
