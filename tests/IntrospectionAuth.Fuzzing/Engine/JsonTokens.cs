namespace IntrospectionAuth.Fuzzing.Engine;

/// <summary>Finds values and members in text that is JSON, or was before it was changed. It needs no valid JSON.</summary>
internal static class JsonTokens
{
    /// <returns>A random value, or a member's name; null when there is none.</returns>
    public static TokenRange? FindValue(byte[] text, Random random) => Pick(text, static _ => true, random);

    /// <returns>A random name with its value; null when there is none.</returns>
    public static TokenRange? FindMember(byte[] text, Random random)
    {
        TokenRange? name = Pick(text, it => EndOfName(text, it) is not null, random);
        if (name is not { } found || EndOfName(text, found) is not { } value)
            return null;

        int end = EndOfValue(text, value);
        return end > value ? new(text, found.Start, end - found.Start) : null;
    }

    private static TokenRange? Pick(byte[] text, Func<TokenRange, bool> accepts, Random random)
    {
        TokenRange? picked = null;
        int count = 0;
        for (int at = 0; at < text.Length; )
        {
            int end = IsStart(text[at]) ? EndOfValue(text, at) : at;
            if (end <= at)
            {
                at++;
                continue;
            }

            // Each has the same chance.
            var range = new TokenRange(text, at, end - at);
            if (accepts(range) && random.Next(++count) == 0)
                picked = range;
            at = text[at] is (byte)'{' or (byte)'[' ? at + 1 : end;
        }

        return picked;
    }

    /// <returns>Where the value begins that a name has; null when it is no name.</returns>
    private static int? EndOfName(byte[] text, TokenRange range)
    {
        int at = range.Start + range.Length;
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n')
            at++;
        return text[range.Start] == '"' && at < text.Length && text[at] == ':' ? at + 1 : null;
    }

    private static bool IsStart(byte c) => c is (byte)'"' or (byte)'{' or (byte)'[' or (byte)'-' || char.IsAsciiLetterOrDigit((char)c);

    private static int EndOfValue(byte[] text, int start)
    {
        while (start < text.Length && text[start] == ' ')
            start++;

        int depth = 0;
        for (int at = start; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'"':
                    at = EndOfString(text, at);
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    continue;
                case (byte)'}' or (byte)']':
                    depth--;
                    break;
                case (byte)',' or (byte)':' or (byte)' ' or (byte)'\n' when depth == 0:
                    return at;
                default:
                    if (depth == 0 && at + 1 < text.Length && text[at + 1] is (byte)'}' or (byte)']')
                        return at + 1;
                    continue;
            }

            if (depth <= 0)
                return depth < 0 ? at : Math.Min(at + 1, text.Length);
        }

        return text.Length;
    }

    private static int EndOfString(byte[] text, int start)
    {
        int at = start + 1;
        while (at < text.Length && text[at] != '"')
            at += text[at] == '\\' ? 2 : 1;
        return Math.Min(at, text.Length);
    }
}
