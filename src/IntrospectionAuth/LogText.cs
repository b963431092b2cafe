using System.Globalization;
using System.Text;
using IntrospectionAuth.Http;

namespace IntrospectionAuth;

/// <summary>Makes texts that a server sent fit for a log: printable ASCII, at most 200 characters, without the token or a secret.</summary>
internal static class LogText
{
    public const int MaximumLength = 200;

    private const int LongestCompared = 2 * MaximumLength; // nothing after that is shown

    /// <summary>Quotes a value if it is empty or has characters that would blur where it ends.</summary>
    /// <param name="value">The value.</param>
    /// <param name="secrets">What it must not show: a value that contains one, or a long part of one, is replaced.</param>
    public static string Of(string value, params ReadOnlySpan<string?> secrets)
    {
        if (RepeatedSecret.IsLargelyIn(value.Length > LongestCompared ? value[..LongestCompared] : value, secrets))
            return "(a value that repeats the token or a secret)";

        string escaped = Escape(value);
        return escaped.Length == 0 || escaped.AsSpan().ContainsAny(" ,;()") ? $"\"{escaped}\"" : escaped;
    }

    /// <summary>Joins values by commas, each like a single one, and cuts the text.</summary>
    public static string OfAll(IEnumerable<string> values, params string?[] secrets)
    {
        var text = new StringBuilder();
        foreach (string value in values)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(Of(value, secrets));
            if (text.Length > MaximumLength)
                break;
        }

        return Cut(text.ToString());
    }

    /// <summary>Escapes everything but printable ASCII, and cuts the text.</summary>
    public static string Escape(string value)
    {
        var text = new StringBuilder();
        foreach (char character in value.AsSpan(0, Math.Min(value.Length, MaximumLength + 1)))
        {
            if (character is >= ' ' and <= '~' and not ('"' or '\\'))
                text.Append(character);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }

        return Cut(text.ToString());
    }

    public static string Cut(string text) => text.Length <= MaximumLength ? text : text[..(MaximumLength - 3)] + "...";

    /// <summary>A time as the log writes it.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time, and how far it is from now.</summary>
    public static string Of(DateTimeOffset time, DateTimeOffset now) =>
        time <= now ? $"{Of(time)}, {Of(now - time)} ago" : $"{Of(time)}, {Of(time - now)} in the future";

    /// <summary>A duration in the unit that suits it: <c>1.5 s</c>, <c>12 min</c>, <c>3 days</c>.</summary>
    public static string Of(TimeSpan duration) =>
        duration.TotalSeconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.##} s")
        : duration.TotalMinutes < 2 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(duration.TotalSeconds)} s")
        : duration.TotalHours < 2 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(duration.TotalMinutes)} min")
        : duration.TotalDays < 2 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(duration.TotalHours)} h")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(duration.TotalDays)} days");
}
