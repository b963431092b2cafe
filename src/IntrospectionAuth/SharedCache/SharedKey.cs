using System.Text;
using IntrospectionAuth.Caching;

namespace IntrospectionAuth.SharedCache;

/// <summary>What a shared response or a lease depends on: the cache key and, if it was discovered, the endpoint.</summary>
/// <remarks>
/// In the cache key the issuer represents a discovered endpoint, because a process that finds another endpoint removes its entries. Other
/// processes may know an endpoint that was valid before. So that no response crosses endpoints, each endpoint has entries of its own.
/// </remarks>
internal sealed class SharedKey(CacheKey key, string? endpoint)
{
    private readonly byte[] _bytes = [.. (ReadOnlySpan<byte>)key, .. Encoding.UTF8.GetBytes(endpoint ?? "")];

    public CacheKey CacheKey => key;

    /// <summary>The discovered endpoint; null when it is configured, and therefore a part of the cache key.</summary>
    public string? Endpoint => endpoint;

    public ReadOnlySpan<byte> Bytes => _bytes;
}
