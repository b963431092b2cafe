using System.Globalization;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Serving;

/// <summary>Reads a lifetime: <c>90</c> or <c>90s</c>, <c>10m</c>, <c>2h</c>, <c>7d</c>.</summary>
internal static class LifetimeReader
{
    private const long Longest = 3650 * 86_400; // seconds: times of tokens stay far from the last one that can be expressed

    /// <exception cref="UsageException">The text is not a lifetime, or longer than 10 years.</exception>
    public static TimeSpan Read(string text)
    {
        (string number, int seconds) = text switch
        {
            [.. var digits, 's'] => (digits, 1),
            [.. var digits, 'm'] => (digits, 60),
            [.. var digits, 'h'] => (digits, 3600),
            [.. var digits, 'd'] => (digits, 86_400),
            _ => (text, 1),
        };
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= Longest / seconds
            ? TimeSpan.FromSeconds((long)count * seconds)
            : throw new UsageException("--expires-in is not a time of at most 3650d. Write seconds (90), or 90s, 10m, 2h, 7d.");
    }
}
