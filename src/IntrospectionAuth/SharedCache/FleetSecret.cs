using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.SharedCache;

/// <summary>The keys that are derived from one secret of the fleet (HKDF-SHA-256, RFC 5869), and what they hash and encrypt.</summary>
internal sealed class FleetSecret
{
    /// <summary>The minimum length of a secret in bytes.</summary>
    public const int MinimumLength = 32;

    private const int KeyLength = 32;
    private const string Label = "IntrospectionAuth 1 "; // precedes the purpose of each derived key

    private readonly byte[] _indexKey,
        _entrySalt;

    public FleetSecret(byte[] secret)
    {
        _indexKey = Derive(secret, "index");
        _entrySalt = Derive(secret, "entry");
        Feed = new(Derive(secret, "feed"));
        Id = BitConverter.ToInt64(Derive(secret, "id"));
        FeedName = $"ia:{{{Base64Url.EncodeToString(BitConverter.GetBytes(Id))}}}"; // braces: one hash slot of a Redis cluster
    }

    /// <summary>Identifies the secret in entries. It says nothing about it.</summary>
    public long Id { get; }

    public string FeedName { get; }

    /// <summary>Encrypts the messages of the feed.</summary>
    public SealedBox Feed { get; }

    /// <summary>The engine's key of an entry, of a lease or of a used proof: a keyed hash.</summary>
    public string HashKey(char purpose, ReadOnlySpan<byte> value) =>
        $"ia:{purpose}:{Base64Url.EncodeToString(HMACSHA256.HashData(_indexKey, (byte[])[(byte)purpose, .. value]))}";

    public string EntryKey(SharedKey key) => HashKey('e', key.Bytes);

    /// <summary>Encrypts the entry of a token. Its key depends on the secret and on the token, so that neither alone decrypts it.</summary>
    public SealedBox EntryOf(string token) =>
        new(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(token), KeyLength, _entrySalt, "entry"u8.ToArray()));

    private static byte[] Derive(byte[] secret, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyLength, salt: [], Encoding.ASCII.GetBytes(Label + purpose));
}
