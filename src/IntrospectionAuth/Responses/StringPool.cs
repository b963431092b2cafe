using System.Text;

namespace IntrospectionAuth.Responses;

/// <summary>
/// Shares the strings of texts that occur often: claim types, issuers, clients, scopes and organizations are the same in thousands of
/// cached responses.
/// </summary>
/// <remarks>
/// It is small: a new text replaces an old one. Threads use it without locks, because a lost write costs no more than a string that could
/// have been shared. The returned string always equals the text.
/// </remarks>
internal sealed class StringPool(int sets = 2048)
{
    /// <summary>Longer texts rarely repeat.</summary>
    public const int MaximumLength = 128;

    /// <summary>A pool that keeps nothing, for responses that are not cached.</summary>
    public static StringPool None { get; } = new(sets: 0);

    // Two slots for each hash: two texts that collide both fit.
    private readonly string?[] _first = new string?[sets],
        _second = new string?[sets];

    public string Get(ReadOnlySpan<char> text)
    {
        if (text.Length > MaximumLength || sets == 0)
            return text.ToString();

        int set = (int)((uint)string.GetHashCode(text, StringComparison.Ordinal) % (uint)sets);
        string? first = _first[set],
            second = _second[set];
        if (first is not null && text.SequenceEqual(first))
            return first;
        if (second is not null && text.SequenceEqual(second))
            return second;

        string added = text.ToString();
        _second[set] = first;
        _first[set] = added;
        return added;
    }

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaximumLength)
            return Encoding.UTF8.GetString(utf8);

        Span<char> text = stackalloc char[MaximumLength];
        return Get(text[..Encoding.UTF8.GetChars(utf8, text)]);
    }
}
