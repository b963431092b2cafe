using System.Numerics;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>
/// A date in seconds since 1970 (PROTOCOL R3): a JSON number, or a string that is exactly one. Past year 9999 it is the last second.
/// </summary>
internal sealed class PlainDate
{
    private const long LastSecond = 253_402_300_799;

    // The library reads at most this many characters of a string. No date needs them.
    private const int LongestText = 128;

    private PlainDate(BigInteger ticks) => Ticks = ticks;

    /// <summary>Ticks since 1970 or, for a number of seconds, from 0.</summary>
    public BigInteger Ticks { get; }

    public bool IsClamped => Ticks > (BigInteger)LastSecond * TimeSpan.TicksPerSecond;

    /// <returns>The date; null when the value is none.</returns>
    public static PlainDate? Read(PlainValue value, bool acceptsText = true)
    {
        string? text = value.Kind switch
        {
            PlainKind.Number => value.Raw,
            PlainKind.String when acceptsText && value.Raw.Length - 2 <= LongestText => value.Text,
            _ => null,
        };
        if (text is null || PlainNumber.Parse(text) is not { } number || number.IsInfinite)
            return null;
        if (number.IsBelowZero && !number.IsAlmostZero)
            return null;

        return new PlainDate(BigInteger.Min(number.Scale(7), BigInteger.Pow(10, 30)));
    }

    public DateTimeOffset AddTo(DateTimeOffset start)
    {
        BigInteger last = DateTimeOffset.FromUnixTimeSeconds(LastSecond).UtcTicks;
        return new((long)BigInteger.Min(start.UtcTicks + Ticks, last), TimeSpan.Zero);
    }

    /// <summary>Whether the library's date is this one. A decimal has 28 digits, so it may differ by a tick.</summary>
    public bool IsSame(DateTimeOffset? other, DateTimeOffset start) => other is { } date && Math.Abs((AddTo(start) - date).Ticks) <= 1;
}
