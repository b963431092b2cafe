namespace IntrospectionAuth.Tool.Checks;

/// <summary>Splits messages of the library, which say what is wrong and then how to fix it.</summary>
internal static class Sentences
{
    /// <returns>The first sentence, and the others; null when there are no others.</returns>
    public static (string First, string? Others) Split(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? (message, null) : (message[..(end + 1)], message[(end + 2)..].Trim());
    }

    /// <summary>Removes the name of the scheme from the start of a message.</summary>
    public static string WithoutScheme(string message, string scheme)
    {
        string prefix = $"Scheme {scheme}: ";
        string rest = message.StartsWith(prefix, StringComparison.Ordinal) ? message[prefix.Length..] : message;
        return rest.Length > 0 ? char.ToUpperInvariant(rest[0]) + rest[1..] : rest;
    }
}
