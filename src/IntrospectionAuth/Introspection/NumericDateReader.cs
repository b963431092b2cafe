using System.Text.Json;

namespace IntrospectionAuth.Introspection;

/// <summary>Reads a NumericDate: seconds since 1970 as a JSON number in any form (RFC 7662, section 2.2; RFC 7519, section 2).</summary>
internal static class NumericDateReader
{
    private const long MaximumSeconds = 253_402_300_799; // the last second of year 9999

    /// <returns>False when the number is negative or not finite.</returns>
    public static bool TryRead(in Utf8JsonReader reader, out DateTimeOffset date, out bool isClamped)
    {
        date = default;
        isClamped = false;

        if (!reader.TryGetDecimal(out decimal seconds))
        {
            // Beyond decimal's range: too large to be a date, or too small to differ from zero.
            if (!reader.TryGetDouble(out double approximate) || !double.IsFinite(approximate) || approximate < 0)
                return false;
            seconds = approximate > MaximumSeconds ? MaximumSeconds + 1m : 0;
        }

        if (seconds < 0)
            return false;

        isClamped = seconds > MaximumSeconds;
        date = isClamped
            ? DateTimeOffset.FromUnixTimeSeconds(MaximumSeconds)
            : DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }
}
