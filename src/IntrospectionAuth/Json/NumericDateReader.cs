using System.Buffers;
using System.Text;
using System.Text.Json;

namespace IntrospectionAuth.Json;

/// <summary>
/// Reads a NumericDate, seconds since 1970, or a number of seconds (RFC 7662, section 2.2; RFC 7519, section 2): a JSON number in any form,
/// or a string that is exactly such a number, which some servers send.
/// </summary>
internal static class NumericDateReader
{
    private const long MaximumSeconds = 253_402_300_799; // the last second of year 9999
    private const int MaximumTextLength = 128;

    private static readonly SearchValues<byte> s_characters = SearchValues.Create("0123456789+-.eE"u8);

    /// <returns>False when the value is no number, negative or not finite.</returns>
    public static bool TryRead(in Utf8JsonReader reader, out DateTimeOffset date, out bool isClamped)
    {
        (date, isClamped) = (default, false);
        if (!TryReadSeconds(reader, out decimal seconds))
            return false;

        date = Add(DateTimeOffset.UnixEpoch, seconds, out isClamped);
        return true;
    }

    /// <param name="reader">A reader at a value of any type.</param>
    /// <param name="seconds">The seconds; of a number past year 9999 only that it is.</param>
    /// <returns>False when the value is no number, negative or not finite.</returns>
    public static bool TryReadSeconds(in Utf8JsonReader reader, out decimal seconds)
    {
        seconds = 0;
        if (reader.TokenType == JsonTokenType.Number)
            return TryReadNumber(reader, out seconds);
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaximumTextLength)
            return false;

        Span<byte> text = stackalloc byte[MaximumTextLength]; // unescaped, no text is longer
        return TryReadText(text[..reader.CopyString(text)], out seconds);
    }

    /// <inheritdoc cref="TryReadSeconds(in Utf8JsonReader, out decimal)"/>
    public static bool TryReadSeconds(ReadOnlySpan<char> text, out decimal seconds)
    {
        seconds = 0;
        Span<byte> utf8 = stackalloc byte[MaximumTextLength];
        return text.Length <= MaximumTextLength
            && Ascii.IsValid(text)
            && TryReadText(utf8[..Encoding.ASCII.GetBytes(text, utf8)], out seconds);
    }

    /// <returns>The later date; the end of year 9999 when it would lie past that.</returns>
    public static DateTimeOffset Add(DateTimeOffset start, decimal seconds, out bool isClamped)
    {
        DateTimeOffset end = DateTimeOffset.FromUnixTimeSeconds(MaximumSeconds);
        isClamped = seconds > (decimal)(end - start).Ticks / TimeSpan.TicksPerSecond;
        return isClamped ? end : start.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
    }

    /// <summary>A JSON reader decides what a JSON number is: no plus sign, leading zero or other notation.</summary>
    /// <remarks>It would end the number at white space or punctuation, but no such character gets this far.</remarks>
    private static bool TryReadText(ReadOnlySpan<byte> text, out decimal seconds)
    {
        seconds = 0;
        if (text.IsEmpty || text.ContainsAnyExcept(s_characters))
            return false;

        try
        {
            var number = new Utf8JsonReader(text);
            return number.Read() && TryReadNumber(number, out seconds);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryReadNumber(in Utf8JsonReader reader, out decimal seconds)
    {
        if (!reader.TryGetDecimal(out seconds))
        {
            // Beyond decimal's range, and so too large to be a date. A number too small for it has been read as zero.
            if (!reader.TryGetDouble(out double approximate) || !double.IsFinite(approximate) || approximate < 0)
                return false;
            seconds = (decimal)Math.Min(approximate, MaximumSeconds + 1);
        }

        if (seconds < 0)
            return false;

        seconds = Math.Min(seconds, MaximumSeconds + 1m);
        return true;
    }
}
