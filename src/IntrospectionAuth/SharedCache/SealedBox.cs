using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace IntrospectionAuth.SharedCache;

/// <summary>Encrypts with AES-256-GCM: a version, a random nonce, the ciphertext, the tag.</summary>
internal sealed class SealedBox(byte[] key)
{
    /// <summary>The version of everything that this release writes. Others are not read.</summary>
    public const byte Version = 1;

    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + NonceLength;

    /// <param name="plaintext">What to encrypt.</param>
    /// <param name="name">What the box can be opened as: the key of the entry, the name of the feed.</param>
    public byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> name)
    {
        byte[] box = new byte[HeaderLength + plaintext.Length + TagLength];
        box[0] = Version;
        Span<byte> nonce = box.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(
            nonce,
            plaintext,
            box.AsSpan(HeaderLength, plaintext.Length),
            box.AsSpan(HeaderLength + plaintext.Length),
            [Version, .. name]
        );
        return box;
    }

    /// <returns>Whether the box was sealed with the same key and name, and was not changed.</returns>
    public bool TryOpen(ReadOnlySpan<byte> box, ReadOnlySpan<byte> name, [NotNullWhen(true)] out byte[]? plaintext)
    {
        plaintext = null;
        if (box.Length < HeaderLength + TagLength || box[0] != Version)
            return false;

        byte[] opened = new byte[box.Length - HeaderLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(box.Slice(1, NonceLength), box[HeaderLength..^TagLength], box[^TagLength..], opened, [box[0], .. name]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plaintext = opened;
        return true;
    }
}
