namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>Base64url without padding (RFC 7515, section 2), one character after another.</summary>
internal static class PlainBase64
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <returns>The bytes; null when the text is not the only encoding of them.</returns>
    public static byte[]? Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        int bits = 0,
            count = 0;
        foreach (char c in text)
        {
            int value = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
                return null;

            bits = (bits << 6) + value;
            count += 6;
            if (count < 8)
                continue;

            count -= 8;
            bytes.Add((byte)(bits >> count));
            bits &= (1 << count) - 1;
        }

        return count == 6 || bits != 0 ? null : [.. bytes];
    }

    public static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
