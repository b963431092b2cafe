using System.Globalization;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>What a text means as a time, a whole number or a truth value of the configuration.</summary>
internal static partial class PlainSetting
{
    private const int SecondsOfDay = 86_400;

    /// <summary>Seconds, at most a day, or <c>[d.]hh:mm:ss[.fraction]</c>.</summary>
    /// <returns>The seconds; null when it is ambiguous or no time.</returns>
    public static decimal? Time(string text)
    {
        text = text.Trim();
        if (Seconds().IsMatch(text))
        {
            string[] parts = text.Split('.');
            decimal whole = parts[0].TrimStart('0').Length > 6 ? SecondsOfDay + 1 : Number(parts[0]);
            decimal seconds = whole + (parts.Length > 1 ? Fraction(parts[1]) : 0);
            return seconds <= SecondsOfDay ? seconds : null;
        }

        Match clock = Clock().Match(text);
        if (!clock.Success)
            return null;

        decimal hours = Number(clock.Groups["h"].Value),
            minutes = Number(clock.Groups["m"].Value),
            rest = Number(clock.Groups["s"].Value);
        if (hours > 23 || minutes > 59 || rest > 59)
            return null;

        decimal days = clock.Groups["d"].Success ? Number(clock.Groups["d"].Value) : 0;
        decimal total = (((((days * 24) + hours) * 60) + minutes) * 60) + rest + Fraction(clock.Groups["f"].Value);
        return text.StartsWith('-') ? -total : total;
    }

    public static long? Whole(string text) =>
        Digits().IsMatch(text.Trim()) && text.Trim().TrimStart('0').Length <= 18 ? (long)Number(text.Trim()) : null;

    public static bool? Truth(string text) =>
        text.Trim(' ', '\t', '\r', '\n', '\0', '\v', '\f').ToUpperInvariant() switch
        {
            "TRUE" => true,
            "FALSE" => false,
            _ => null,
        };

    private static decimal Number(string digits) =>
        digits.Length == 0 ? 0 : decimal.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static decimal Fraction(string digits) =>
        digits.Length == 0 ? 0 : Number(digits[..Math.Min(digits.Length, 20)].PadRight(20, '0')) / 100_000_000_000_000_000_000m;

    [GeneratedRegex(@"\A([0-9]+(\.[0-9]*)?|\.[0-9]+)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Seconds();

    [GeneratedRegex(
        @"\A-?((?<d>[0-9]{1,8})\.)?(?<h>[0-9]{1,2}):(?<m>[0-9]{1,2}):(?<s>[0-9]{1,2})(\.(?<f>[0-9]{1,7}))?\z",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Clock();

    [GeneratedRegex(@"\A[0-9]+\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digits();
}
