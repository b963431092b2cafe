using System.Globalization;
using System.Runtime.CompilerServices;

namespace IntrospectionAuth;

/// <summary>
/// Checks the value that an option is set to. The message names the option and what it accepts, and configuration reports it as it is. No
/// message contains the value, which may be a secret.
/// </summary>
internal static class OptionValue
{
    public static T AtLeast<T>(T value, T minimum, [CallerMemberName] string option = "")
        where T : struct, IComparable<T> =>
        value.CompareTo(minimum) >= 0 ? value : throw OutOfRange<T>(option, $"of {Format(minimum)} or more");

    public static T? AtLeast<T>(T? value, T minimum, [CallerMemberName] string option = "")
        where T : struct, IComparable<T> => value is { } set ? AtLeast(set, minimum, option) : null;

    public static T Between<T>(T value, T minimum, T maximum, [CallerMemberName] string option = "")
        where T : struct, IComparable<T> =>
        value.CompareTo(minimum) >= 0 && value.CompareTo(maximum) <= 0
            ? value
            : throw OutOfRange<T>(option, $"from {Format(minimum)} to {Format(maximum)}");

    public static T MoreThanZero<T>(T value, T maximum, [CallerMemberName] string option = "")
        where T : struct, IComparable<T> =>
        value.CompareTo(default) > 0 && value.CompareTo(maximum) <= 0
            ? value
            : throw OutOfRange<T>(option, $"of more than 0 and at most {Format(maximum)}");

    public static string NotEmpty(string value, [CallerMemberName] string option = "")
    {
        ArgumentNullException.ThrowIfNull(value, option);
        return value.Length > 0 ? value : throw Invalid($"{option} is empty. Set a text, or remove it.");
    }

    /// <summary>A parameter's name would end up in the message.</summary>
    public static ArgumentException Invalid(string message, Exception? cause = null) => new(message, paramName: null, cause);

    private static ArgumentOutOfRangeException OutOfRange<T>(string option, string range) =>
        new(
            paramName: null,
            $"{option} is not a {(typeof(T) == typeof(TimeSpan) ? "time" : typeof(T) == typeof(int) ? "whole number" : "number")} {range}."
        );

    private static string Format<T>(T value) =>
        value switch
        {
            TimeSpan { Ticks: 0 } => "0",
            TimeSpan { TotalHours: >= 1 } time => Format(time.TotalHours, "hour"),
            TimeSpan { TotalMinutes: >= 1 } time => Format(time.TotalMinutes, "minute"),
            TimeSpan time => Format(time.TotalSeconds, "second"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        };

    private static string Format(double number, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")}");
}
