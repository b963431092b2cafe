using System.Text;
using System.Text.Json;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Tests.Json;

/// <summary>Dates and durations: JSON numbers, and strings that are exactly such numbers.</summary>
public sealed class NumericDateReaderTests
{
    private const long LastSecond = 253_402_300_799; // of year 9999

    public static TheoryData<string, decimal> Numbers =>
        new()
        {
            { "0", 0 },
            { "-0", 0 },
            { "1", 1 },
            { "1.5", 1.5m },
            { "1e3", 1000 },
            { "1." + new string('0', 126), 1 }, // 128 characters
            { "1e-400", 0 },
            { "0." + new string('0', 60) + "1", 0 },
            { "0.5e-40", 0 },
            { "253402300799", LastSecond },
            { "253402300799.5", LastSecond + 0.5m },
            { "253402300801", LastSecond + 1 },
            { "1e28", LastSecond + 1 },
            { "1e29", LastSecond + 1 }, // beyond decimal
            { "1e300", LastSecond + 1 },
        };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_is_read_as_such_and_as_text(string text, decimal seconds)
    {
        Assert.True(NumericDateReader.TryReadSeconds(Json(text), out decimal ofNumber));
        Assert.True(NumericDateReader.TryReadSeconds(Json($"\"{text}\""), out decimal ofString));
        Assert.True(NumericDateReader.TryReadSeconds(text, out decimal ofText));
        Assert.Equal((seconds, seconds, seconds), (ofNumber, ofString, ofText));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-1e29")]
    [InlineData("-1e300")]
    [InlineData("1e999")]
    [InlineData("-1e999")]
    public void A_negative_or_infinite_number_is_none(string text)
    {
        Assert.False(NumericDateReader.TryReadSeconds(Json(text), out _));
        Assert.False(NumericDateReader.TryReadSeconds(Json($"\"{text}\""), out _));
        Assert.False(NumericDateReader.TryReadSeconds(text, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1-")]
    [InlineData("1+2")]
    [InlineData("1-2")]
    [InlineData("1.2.3")]
    [InlineData("1e5e5")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("-")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("\u0661\u0667")]
    public void Other_text_is_no_number(string text)
    {
        Assert.False(NumericDateReader.TryReadSeconds(Json($"\"{text}\""), out _));
        Assert.False(NumericDateReader.TryReadSeconds(text, out _));
    }

    [Fact]
    public void Text_of_more_than_128_characters_is_no_number()
    {
        string text = "1." + new string('0', 127);

        Assert.False(NumericDateReader.TryReadSeconds(Json($"\"{text}\""), out _));
        Assert.False(NumericDateReader.TryReadSeconds(text, out _));
        Assert.False(NumericDateReader.TryReadSeconds(new string('1', 1000), out _));
    }

    [Theory]
    [InlineData("0", true, 0, false)]
    [InlineData("253402300799", true, LastSecond, false)]
    [InlineData("253402300800", true, LastSecond, true)]
    [InlineData("1e300", true, LastSecond, true)]
    [InlineData("true", false, 0, false)]
    [InlineData("-1", false, 0, false)]
    public void A_date_past_year_9999_is_clamped_to_its_end(string json, bool isDate, long seconds, bool isClamped)
    {
        bool found = NumericDateReader.TryRead(Json(json), out DateTimeOffset date, out bool wasClamped);

        Assert.Equal((isDate, isClamped), (found, wasClamped));
        Assert.Equal(isDate ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default, date);
    }

    private static Utf8JsonReader Json(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        reader.Read();
        return reader;
    }
}
