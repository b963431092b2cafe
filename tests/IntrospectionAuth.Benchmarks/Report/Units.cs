using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>Formats figures with their units.</summary>
internal static class Units
{
    public static string Time(double nanoseconds) =>
        Math.Abs(nanoseconds) switch
        {
            0 => "0",
            < 1_000 => Write(nanoseconds, "ns", digits: 0),
            < 10_000 => Write(nanoseconds / 1_000, "µs", digits: 2),
            < 1_000_000 => Write(nanoseconds / 1_000, "µs", digits: 1),
            < 1_000_000_000 => Write(nanoseconds / 1_000_000, "ms", digits: 2),
            _ => Write(nanoseconds / 1_000_000_000, "s", digits: 2),
        };

    public static string Milliseconds(double milliseconds) => Time(milliseconds * 1_000_000);

    public static string Bytes(double bytes) =>
        Math.Abs(bytes) switch
        {
            0 => "0",
            < 1_024 => Write(bytes, "B", digits: 0),
            < 1_024 * 1_024 => Write(bytes / 1_024, "KB", digits: 1),
            _ => Write(bytes / (1_024 * 1_024), "MB", digits: 1),
        };

    public static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Write(double value, string unit, int digits) =>
        value.ToString("0." + new string('0', digits), CultureInfo.InvariantCulture).TrimEnd('.') + " " + unit;
}
