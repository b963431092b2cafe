using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Jose;

/// <summary>Base64url without padding (RFC 7515, section 2). Each byte sequence has exactly one accepted encoding.</summary>
internal static class Base64UrlText
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    /// <summary>Compares two encoded hashes in constant time.</summary>
    public static bool FixedTimeEquals(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes<char>(one), MemoryMarshal.AsBytes<char>(other));

    /// <returns>The bytes; null for characters outside the alphabet, padding, white space, or non-zero trailing bits.</returns>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return null;
        }

        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (text.Length % 4 == 1 || Base64Url.DecodeFromChars(text, bytes, out _, out int written) != OperationStatus.Done)
            return null;

        byte[] decoded = bytes[..written];
        return text.SequenceEqual(Encode(decoded)) ? decoded : null;
    }
}
