namespace IntrospectionAuth.Fuzzing.Engine;

/// <summary>Finds values and members in text that is JSON, or was before it was changed. It needs no valid JSON.</summary>
internal static class JsonTokens
{
    /// <returns>A random value, or a member's name; null when there is none.</returns>
    public static TokenRange? FindValue(byte[] text, Random random) =>
        Pick(text, namesOnly: false, random) is { } start ? new(text, start, EndOfValue(text, start) - start) : null;

    /// <returns>A random name with its value; null when there is none.</returns>
    public static TokenRange? FindMember(byte[] text, Random random) =>
        Pick(text, namesOnly: true, random) is { } start
            ? new(text, start, EndOfValue(text, AfterSpace(text, StartOfValue(text, start)!.Value)) - start)
            : null;

    /// <returns>Where a value or a name begins. Each has the same chance.</returns>
    private static int? Pick(byte[] text, bool namesOnly, Random random)
    {
        int? picked = null;
        int count = 0;
        for (int at = 0; at < text.Length; )
        {
            int start = at;
            at = EndOfToken(text, start);
            bool isToken = IsWord(text[start]) || text[start] is (byte)'"' or (byte)'{' or (byte)'[';
            if (isToken && (!namesOnly || StartOfValue(text, start) is not null) && random.Next(++count) == 0)
                picked = start;
        }

        return picked;
    }

    /// <returns>Where the value of a name begins; null when there is no name.</returns>
    private static int? StartOfValue(byte[] text, int name)
    {
        if (text[name] != '"')
            return null;

        int colon = AfterSpace(text, EndOfToken(text, name));
        return colon < text.Length && text[colon] == ':' ? colon + 1 : null;
    }

    private static int AfterSpace(byte[] text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n')
            at++;
        return at;
    }

    /// <returns>The end of a whole string or word, or of a single byte.</returns>
    private static int EndOfToken(byte[] text, int start)
    {
        int at = start + 1;
        if (text[start] == '"')
        {
            while (at < text.Length && text[at] != '"')
                at += text[at] == '\\' ? 2 : 1;
            at++;
        }
        else if (IsWord(text[start]))
        {
            while (at < text.Length && IsWord(text[at]))
                at++;
        }

        return Math.Min(at, text.Length);
    }

    private static int EndOfValue(byte[] text, int start)
    {
        int at = start;
        for (int depth = 0; at < text.Length; )
        {
            byte first = text[at];
            at = EndOfToken(text, at);
            depth +=
                first is (byte)'{' or (byte)'[' ? 1
                : first is (byte)'}' or (byte)']' ? -1
                : 0;
            if (depth <= 0)
                break;
        }

        return at;
    }

    private static bool IsWord(byte c) => char.IsAsciiLetterOrDigit((char)c) || c is (byte)'-' or (byte)'+' or (byte)'.';
}
