using System.Globalization;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Configuration;

/// <summary>
/// Reads a time: seconds, or <c>[d.]hh:mm:ss</c>. An ambiguous text is a fault, and the advice lists both readings.
/// </summary>
internal static partial class TimeReader
{
    private const double SecondsOfDay = 86_400;
    private const int LargestPart = 1_000_000; // a century in hours

    public static TimeSpan? Read(string text, out string? advice)
    {
        text = text.Trim();
        return text.Contains(':', StringComparison.Ordinal) ? ReadClock(text, out advice) : ReadSeconds(text, out advice);
    }

    /// <summary>Advice for a plain number that is out of range as seconds and may have been meant as milliseconds.</summary>
    public static string? AdviceForMilliseconds(string text) =>
        TryParse(text.Trim(), out double number) && number is >= 1000 and <= int.MaxValue
            ? $"A bare number is seconds: write {Format(TimeSpan.FromMilliseconds(number))} for milliseconds."
            : null;

    /// <summary>A plain number is seconds; .NET reads days. More than a day is more likely to be milliseconds.</summary>
    private static TimeSpan? ReadSeconds(string text, out string? advice)
    {
        advice = null;
        if (!TryParse(text, out double seconds) || seconds is not (>= 0 and <= int.MaxValue))
            return null;
        if (seconds <= SecondsOfDay)
            return TimeSpan.FromSeconds(seconds);

        string asSeconds = Format(TimeSpan.FromSeconds(seconds)),
            asMilliseconds = Format(TimeSpan.FromMilliseconds(seconds));
        advice = $"A bare number is at most a day of seconds: write {asSeconds} for seconds, or {asMilliseconds} for milliseconds.";
        return null;
    }

    /// <summary>
    /// All three parts are needed, each within its bounds: .NET reads <c>24:00:00</c> as 24 days, and <c>05:00</c> as 5 hours.
    /// </summary>
    private static TimeSpan? ReadClock(string text, out string? advice)
    {
        advice = null;
        string[] parts = text.Split(':');
        if (Clock().IsMatch(text) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan value))
            return value;

        int[] numbers = [.. parts.Select(ParsePart)];
        if (numbers.All(static number => number >= 0))
        {
            advice = numbers switch
            {
                [int hours, int minutes, int seconds] => $"Write {Format(Sum(hours, minutes, seconds))}.",
                [int first, int second] => $"Write {Format(Sum(first, second, 0))} for hours and minutes, "
                    + $"or {Format(Sum(0, first, second))} for minutes and seconds.",
                _ => null,
            };
        }

        return null;
    }

    private static TimeSpan Sum(long hours, long minutes, long seconds) => TimeSpan.FromSeconds((((hours * 60) + minutes) * 60) + seconds);

    /// <returns>The number; -1 when it is none, or too large for a time.</returns>
    private static int ParsePart(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= LargestPart ? number : -1;

    private static bool TryParse(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    private static string Format(TimeSpan time)
    {
        string text = time.ToString("c", CultureInfo.InvariantCulture);
        return time.Ticks % TimeSpan.TicksPerSecond == 0 ? text : text.TrimEnd('0');
    }

    /// <summary>.NET alone reads <c>9.2:8:.</c> as 9 days, 2 hours, 8 minutes, and <c>0:0:005</c> as 5 seconds.</summary>
    [GeneratedRegex(@"^-?([0-9]{1,8}\.)?[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]{1,7})?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Clock();
}
