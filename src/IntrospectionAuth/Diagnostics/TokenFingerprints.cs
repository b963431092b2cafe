using System.Security.Cryptography;
using IntrospectionAuth.Caching;

namespace IntrospectionAuth.Diagnostics;

/// <summary>Names tokens by short hashes, so that a page can show which decisions and cache entries are about the same token.</summary>
/// <remarks>
/// The key is random and lives as long as the process, so a fingerprint reveals nothing about a token and means nothing in another process.
/// </remarks>
internal sealed class TokenFingerprints
{
    private const int Length = 5; // bytes: ten hexadecimal digits

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    public string Of(in CacheKey key)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, key, hash);
        return Convert.ToHexStringLower(hash[..Length]);
    }
}
