using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Caching;

/// <summary>
/// Builds cache keys: SHA-256 over everything that a response depends on. Each part is preceded by its length, so that different parts
/// never form the same input.
/// </summary>
/// <remarks>
/// Scheme, endpoint, client and the other fixed parts are hashed once per instance of options. Each request hashes that digest and its
/// token.
/// </remarks>
internal sealed class CacheKeyBuilder
{
    private const int StackLimit = 1024;

    private readonly Dictionary<string, OptionsHistory> _histories = new(StringComparer.Ordinal);
    private readonly Lock _lock = new(); // guards the histories; building a key takes no lock
    private int _historyVersion;

    // One spare per processor, which saves a quarter of the cost of a key. It is taken out while it is in use.
    private readonly IncrementalHash?[] _spareHashes = new IncrementalHash?[Environment.ProcessorCount];

    public CacheKey Build(CacheKeyPrefix prefix, ReadOnlySpan<char> token) => Hash(prefix.Digest, token);

    /// <summary>
    /// Builds every key that a token's entry may have: by the current options, and by all earlier ones, since options may be rolled back.
    /// </summary>
    public List<(string Scheme, CacheKey Key)> BuildAll(ReadOnlySpan<char> token)
    {
        List<(string Scheme, CacheKey Digest)> digests;
        lock (_lock)
            digests = [.. _histories.SelectMany(static history => history.Value.Digests.Select(digest => (history.Key, digest)))];

        var keys = new List<(string, CacheKey)>(digests.Count);
        foreach ((string scheme, CacheKey digest) in digests)
            keys.Add((scheme, Hash(digest, token)));
        return keys;
    }

    /// <summary>Increases when <see cref="FindPathsMappedTo"/> may find others.</summary>
    public int HistoryVersion => Volatile.Read(ref _historyVersion);

    /// <returns>The paths that the scheme's current or earlier options map to the claim type.</returns>
    public string[] FindPathsMappedTo(string scheme, string claimType)
    {
        lock (_lock)
            return _histories.TryGetValue(scheme, out OptionsHistory? history) ? history.FindPathsMappedTo(claimType) : [];
    }

    /// <summary>Creates the prefix of the keys of one instance of options.</summary>
    /// <remarks>The digest is added to the history before the first key is built from it, so that removal covers every entry.</remarks>
    public CacheKeyPrefix CreatePrefix(IntrospectionScheme scheme, ReadOnlySpan<string?> parts)
    {
        lock (_lock)
        {
            if (!_histories.TryGetValue(scheme.Name, out OptionsHistory? history))
                _histories.Add(scheme.Name, history = new OptionsHistory());
            if (history.IsFull)
                history.BeginEpoch();

            var prefix = new CacheKeyPrefix(scheme.Name, parts, history);
            history.Add(prefix.Digest, scheme.Options.ClaimMappings);
            Volatile.Write(ref _historyVersion, _historyVersion + 1);
            return prefix;
        }
    }

    private CacheKey Hash(ReadOnlySpan<byte> prefix, ReadOnlySpan<char> token)
    {
        // A bearer token is ASCII (RFC 6750, section 2.1): it has as many bytes as characters and takes one pass.
        int length = prefix.Length + sizeof(int) + token.Length;
        byte[]? rented = length > StackLimit ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> buffer = (rented ?? stackalloc byte[StackLimit])[..length];

        bool isAscii = Ascii.FromUtf16(token, buffer[(prefix.Length + sizeof(int))..], out _) == OperationStatus.Done;
        CacheKey key = isAscii ? Hash(prefix, token.Length, buffer) : HashUnicode(prefix, token);

        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true); // it holds the token
        return key;
    }

    private CacheKey HashUnicode(ReadOnlySpan<byte> prefix, ReadOnlySpan<char> token)
    {
        int tokenLength = Encoding.UTF8.GetByteCount(token);
        byte[] buffer = new byte[prefix.Length + sizeof(int) + tokenLength];
        Encoding.UTF8.GetBytes(token, buffer.AsSpan(prefix.Length + sizeof(int)));
        return Hash(prefix, tokenLength, buffer);
    }

    /// <summary>Hashes a buffer that already holds the token, after the space for the prefix and the token's length.</summary>
    private CacheKey Hash(ReadOnlySpan<byte> prefix, int tokenLength, Span<byte> buffer)
    {
        prefix.CopyTo(buffer);
        BinaryPrimitives.WriteInt32BigEndian(buffer[prefix.Length..], tokenLength);

        CacheKey key = default;
        ref IncrementalHash? spare = ref _spareHashes[Thread.GetCurrentProcessorId() % _spareHashes.Length];
        IncrementalHash hash = Interlocked.Exchange(ref spare, null) ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(buffer);
        hash.GetHashAndReset(key);
        Volatile.Write(ref spare, hash);
        return key;
    }
}
