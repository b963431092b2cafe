using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>An algorithm that encrypts the content of a JWE and authenticates it (RFC 7518, section 5).</summary>
internal abstract class ContentEncryption
{
    /// <summary>The value of <c>enc</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The length of the content encryption key, in bytes.</summary>
    public required int KeyLength { get; init; }

    /// <summary>The length of the initialization vector, in bytes.</summary>
    public required int VectorLength { get; init; }

    /// <summary>The length of the tag, in bytes. A shorter tag is rejected, because it is easier to forge.</summary>
    public required int TagLength { get; init; }

    /// <summary>All supported algorithms.</summary>
    public static IReadOnlyList<ContentEncryption> All { get; } =
    [
        CreateCbcHmac("A128CBC-HS256", HashAlgorithmName.SHA256, 16),
        CreateCbcHmac("A192CBC-HS384", HashAlgorithmName.SHA384, 24),
        CreateCbcHmac("A256CBC-HS512", HashAlgorithmName.SHA512, 32),
        CreateGcm("A128GCM", 16),
        CreateGcm("A192GCM", 24),
        CreateGcm("A256GCM", 32),
    ];

    /// <returns>The algorithm with exactly this name, or null.</returns>
    public static ContentEncryption? Find(string? name) => All.FirstOrDefault(algorithm => algorithm.Name == name);

    /// <summary>Verifies the tag and decrypts the content.</summary>
    /// <param name="key">The content encryption key, of <see cref="KeyLength"/>.</param>
    /// <param name="message">A message whose parts have the lengths of this algorithm.</param>
    /// <returns>The plaintext; null when the tag does not match the key and the message.</returns>
    public abstract byte[]? Decrypt(ReadOnlySpan<byte> key, Jwe message);

    private static AesCbcHmacEncryption CreateCbcHmac(string name, HashAlgorithmName hash, int halfLength) =>
        new(hash)
        {
            Name = name,
            KeyLength = 2 * halfLength,
            VectorLength = 16,
            TagLength = halfLength,
        };

    private static AesGcmEncryption CreateGcm(string name, int keyLength) =>
        new()
        {
            Name = name,
            KeyLength = keyLength,
            VectorLength = 12,
            TagLength = 16,
        };
}
