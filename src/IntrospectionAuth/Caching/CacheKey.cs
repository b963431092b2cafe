using System.Runtime.CompilerServices;

namespace IntrospectionAuth.Caching;

/// <summary>The 32 bytes that stand for one token of one client at one endpoint in one scheme. The token cannot be computed back from them.</summary>
[InlineArray(Length)]
internal struct CacheKey : IEquatable<CacheKey>
{
    public const int Length = 32;

    private byte _first;

    /// <summary>The share, from 0.9 to 1, of its age for which this key's entry is fresh: entries made together do not expire together.</summary>
    public readonly double Jitter => 1 - (0.1 * this[0] / byte.MaxValue);

    public readonly bool Equals(CacheKey other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is CacheKey other && Equals(other);

    /// <summary>Seeded anew in each process, so that nobody can choose tokens that meet in one bucket.</summary>
    public override readonly int GetHashCode()
    {
        // Not the long itself: all that enters then is its own hash code, of 32 bits, and those who meet in that meet whatever the seed.
        long parts = Unsafe.ReadUnaligned<long>(ref Unsafe.AsRef(in _first));
        return HashCode.Combine((int)parts, (int)(parts >> 32));
    }
}
