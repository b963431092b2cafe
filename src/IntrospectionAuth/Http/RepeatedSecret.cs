namespace IntrospectionAuth.Http;

/// <summary>Finds secrets in text that a server sent, so that no log shows them.</summary>
internal static class RepeatedSecret
{
    private const int TellingLength = 8; // so many characters in common are no coincidence

    /// <summary>Whether the text shares a telling part with one of the secrets. Those that are null or empty are ignored.</summary>
    public static bool IsIn(string text, params ReadOnlySpan<string?> secrets)
    {
        foreach (string? secret in secrets)
        {
            if (!string.IsNullOrEmpty(secret) && Repeats(text, secret))
                return true;
        }

        return false;
    }

    private static bool Repeats(string text, string secret)
    {
        if (secret.Contains(text, StringComparison.OrdinalIgnoreCase) || text.Contains(secret, StringComparison.OrdinalIgnoreCase))
            return true;

        for (int start = 0; start + TellingLength <= text.Length; start++)
        {
            if (secret.AsSpan().Contains(text.AsSpan(start, TellingLength), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
