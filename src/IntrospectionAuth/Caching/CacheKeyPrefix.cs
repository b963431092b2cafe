using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Caching;

/// <summary>The digest of the parts that all cache keys of one instance of options share.</summary>
internal sealed class CacheKeyPrefix
{
    private readonly OptionsHistory _history;
    private readonly int _epoch;
    private readonly CacheKey _digest;

    public CacheKeyPrefix(string scheme, ReadOnlySpan<string?> parts, OptionsHistory history)
    {
        _history = history;
        _epoch = history.Epoch;

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, scheme);
        foreach (string? part in parts)
            Append(hash, part);
        Append(hash, _epoch.ToString(CultureInfo.InvariantCulture));
        hash.GetHashAndReset(_digest);
    }

    public ref readonly CacheKey Digest => ref _digest;

    /// <summary>False once the scheme has begun a new epoch: removal no longer builds keys of the old one.</summary>
    public bool IsCurrent => _epoch == _history.Epoch;

    private static void Append(IncrementalHash hash, string? part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        byte[] bytes = Encoding.UTF8.GetBytes(part ?? "");
        BinaryPrimitives.WriteInt32BigEndian(length, part is null ? -1 : bytes.Length); // null is not the empty string
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
