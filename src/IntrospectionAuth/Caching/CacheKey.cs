using System.Runtime.CompilerServices;

namespace IntrospectionAuth.Caching;

/// <summary>A 32-byte digest of one token of one client at one endpoint in one scheme. The token cannot be derived from it.</summary>
[InlineArray(Length)]
internal struct CacheKey : IEquatable<CacheKey>
{
    public const int Length = 32;

    private byte _first;

    /// <summary>
    /// A factor from 0.9 to 1 that shortens the age of this key's entry, so that entries created together do not expire together.
    /// </summary>
    public readonly double Jitter => 1 - (0.1 * this[0] / byte.MaxValue);

    public readonly bool Equals(CacheKey other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is CacheKey other && Equals(other);

    /// <summary>The seed differs per process, so that an attacker cannot choose tokens that collide in one bucket.</summary>
    public override readonly int GetHashCode()
    {
        // Two ints: HashCode reduces a long to 32 bits before it applies the seed, so equal reductions would collide under every seed.
        long parts = Unsafe.ReadUnaligned<long>(ref Unsafe.AsRef(in _first));
        return HashCode.Combine((int)parts, (int)(parts >> 32));
    }
}
