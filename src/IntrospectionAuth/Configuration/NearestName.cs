namespace IntrospectionAuth.Configuration;

/// <summary>Finds the name that someone meant who wrote another one.</summary>
internal static class NearestName
{
    /// <summary>The longest name that is compared.</summary>
    private const int LongestName = 100;

    /// <returns>A question to append to a sentence: <c> Did you mean Audiences?</c>; empty when no name is like the written one.</returns>
    public static string Ask(string written, IEnumerable<string> names) => Ask(Find(written, names));

    /// <inheritdoc cref="Ask(string, IEnumerable{string})"/>
    public static string Ask(string? name) => name is null ? "" : $" Did you mean {name}?";

    /// <returns>The name that is most like the written one; null when none is.</returns>
    public static string? Find(string written, IEnumerable<string> names)
    {
        if (written.Length is 0 or > LongestName)
            return null;

        string text = Normalize(written);
        return names
            .Select(name => (Name: name, Distance: FindDistance(text, Normalize(LastPart(name)))))
            .Where(static it => it.Distance is not null)
            .OrderBy(static it => it.Distance)
            .ThenBy(static it => it.Name, StringComparer.Ordinal)
            .FirstOrDefault()
            .Name;
    }

    /// <summary>The name of a setting without those of its groups.</summary>
    private static string LastPart(string name) => name[(name.LastIndexOf(':') + 1)..];

    /// <summary>Removes what differs between styles: <c>client_id</c>, <c>client-id</c>, <c>ClientId</c>.</summary>
    private static string Normalize(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static int? FindDistance(string written, string name)
    {
        int distance = CountEdits(written, name);
        return distance <= Math.Max(written.Length, name.Length) / 3 || IsAbbreviation(written, name) || HasSameBeginning(written, name)
            ? distance
            : null;
    }

    /// <summary>Whether the written name is another without some of its letters: <c>MaxAge</c>, <c>Issuers</c>.</summary>
    private static bool IsAbbreviation(string written, string name)
    {
        int found = 0;
        foreach (char letter in name)
        {
            if (found < written.Length && written[found] == letter)
                found++;
        }

        return found == written.Length && written.Length * 2 >= name.Length;
    }

    /// <summary>Whether most of the written name is the beginning of another: <c>IntrospectionUrl</c>.</summary>
    private static bool HasSameBeginning(string written, string name) => written.AsSpan().CommonPrefixLength(name) * 3 > written.Length * 2;

    /// <summary>Counts the letters to insert, delete, replace, or exchange with their neighbor.</summary>
    private static int CountEdits(string from, string to)
    {
        int[,] edits = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
            edits[i, 0] = i;
        for (int j = 0; j <= to.Length; j++)
            edits[0, j] = j;

        for (int i = 1; i <= from.Length; i++)
        {
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(replaced, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }

        return edits[from.Length, to.Length];
    }
}
