namespace IntrospectionAuth.Http;

/// <summary>Finds secrets in text that a server sent, so that no log and no page shows them.</summary>
/// <remarks>
/// One rule, with two lengths: a text repeats a secret when it contains it, or has so many consecutive characters in common with it.
/// </remarks>
internal static class RepeatedSecret
{
    private const int TellingLength = 8; // in a text that is not needed: an error code, a content type, a URL
    private const int LongTellingLength = 16; // in a value that a developer must read, and which may resemble a prefix of tokens

    /// <summary>Whether the text shares eight characters, or all of a shorter text, with one of the secrets.</summary>
    /// <remarks>Secrets that are null or empty are ignored.</remarks>
    public static bool IsIn(string text, params ReadOnlySpan<string?> secrets) => IsIn(text, Math.Min(TellingLength, text.Length), secrets);

    /// <summary>Whether the text contains one of the secrets, or shares sixteen characters with it.</summary>
    /// <inheritdoc cref="IsIn(string, ReadOnlySpan{string})" path="/remarks"/>
    public static bool IsLargelyIn(string text, params ReadOnlySpan<string?> secrets) => IsIn(text, LongTellingLength, secrets);

    private static bool IsIn(string text, int length, ReadOnlySpan<string?> secrets)
    {
        foreach (string? secret in secrets)
        {
            if (!string.IsNullOrEmpty(secret) && Repeats(text, length, secret))
                return true;
        }

        return false;
    }

    private static bool Repeats(string text, int length, string secret)
    {
        if (text.Contains(secret, StringComparison.OrdinalIgnoreCase))
            return true;

        for (int start = 0; start + length <= text.Length; start++)
        {
            if (secret.AsSpan().Contains(text.AsSpan(start, length), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
