using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Server;

namespace IntrospectionAuth.Caching;

/// <summary>
/// Builds cache keys: SHA-256 over everything that a response depends on. Each part is preceded by its length, so that different parts
/// never form the same input.
/// </summary>
/// <remarks>
/// Scheme, endpoint, client and the other fixed parts are hashed once per instance of options. Each request hashes that digest and its
/// token.
/// </remarks>
internal sealed class CacheKeyBuilder(ServerIdentities servers)
{
    private const int StackLimit = 1024;

    private readonly ConditionalWeakTable<OAuthIntrospectionOptions, FixedParts> _fixedParts = [];
    private readonly Dictionary<string, OptionsHistory> _histories = new(StringComparer.Ordinal);
    private readonly Lock _lock = new(); // guards the histories; looking up fixed parts takes no lock

    // One spare per processor, which saves a quarter of the cost of a key. It is taken out while it is in use.
    private readonly IncrementalHash?[] _spareHashes = new IncrementalHash?[Environment.ProcessorCount];

    public CacheKey Build(string scheme, OAuthIntrospectionOptions options, ReadOnlySpan<char> token)
    {
        if (!_fixedParts.TryGetValue(options, out FixedParts? parts) || !parts.AreCurrent(scheme, options))
            parts = CreateFixedParts(scheme, options);
        return Hash(parts.Digest, token);
    }

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

    /// <returns>The paths that the scheme's current or earlier options map to the claim type.</returns>
    public string[] FindPathsMappedTo(string scheme, string claimType)
    {
        lock (_lock)
            return _histories.TryGetValue(scheme, out OptionsHistory? history) ? history.FindPathsMappedTo(claimType) : [];
    }

    /// <summary>Adds the digest to the history before the first key is built from it, so that removal covers every entry.</summary>
    private FixedParts CreateFixedParts(string scheme, OAuthIntrospectionOptions options)
    {
        lock (_lock)
        {
            if (!_histories.TryGetValue(scheme, out OptionsHistory? history))
                _histories.Add(scheme, history = new OptionsHistory());
            if (history.IsFull)
            {
                history.BeginEpoch();
                _fixedParts.Clear(); // later requests use digests of the new epoch
            }

            var parts = new FixedParts(scheme, servers.Get(options), history.Epoch);
            history.Add(parts.Digest, options.ClaimMappings);
            _fixedParts.AddOrUpdate(options, parts);
            return parts;
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

    /// <summary>The digest of the parts that all keys of one instance of options share.</summary>
    private sealed class FixedParts
    {
        private readonly string _scheme;
        private readonly ServerIdentity _server;
        private readonly CacheKey _digest;

        public FixedParts(string scheme, ServerIdentity server, int epoch)
        {
            _scheme = scheme;
            _server = server;

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Append(hash, scheme);
            foreach (string? part in server.Entries)
                Append(hash, part);
            if (epoch > 0)
                Append(hash, epoch.ToString(CultureInfo.InvariantCulture));
            hash.GetHashAndReset(_digest);
        }

        public ref readonly CacheKey Digest => ref _digest;

        public bool AreCurrent(string scheme, OAuthIntrospectionOptions options) =>
            _server.IsCurrent(options) && (ReferenceEquals(_scheme, scheme) || _scheme == scheme);

        private static void Append(IncrementalHash hash, string? part)
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            byte[] bytes = Encoding.UTF8.GetBytes(part ?? "");
            BinaryPrimitives.WriteInt32BigEndian(length, part is null ? -1 : bytes.Length); // null is not the empty string
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
