using System.Globalization;
using System.Numerics;
using System.Text;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>A JSON number (RFC 8259, section 6) as it is: whole digits times a power of ten, without rounding.</summary>
internal readonly struct PlainNumber
{
    // No power of ten beyond this is computed; such a number is 0, or larger than every double.
    private const int LargestExponent = 5000;

    private static readonly BigInteger s_infinity = BigInteger.Pow(2, 1024) - BigInteger.Pow(2, 970); // rounds to no finite double

    private PlainNumber(bool isNegative, BigInteger digits, int exponent) =>
        (IsNegative, Digits, Exponent) = (isNegative, digits, exponent);

    private bool IsNegative { get; }

    private BigInteger Digits { get; }

    private int Exponent { get; }

    public bool IsBelowZero => IsNegative && !Digits.IsZero;

    /// <summary>Whether it is 0 within 27 decimal places, the precision of a decimal.</summary>
    public bool IsAlmostZero => Digits.IsZero || Scale(27).IsZero;

    /// <summary>Whether it is larger than every double.</summary>
    public bool IsInfinite => !Digits.IsZero && (Exponent >= LargestExponent || (Exponent > -LargestExponent && Scale(0) >= s_infinity));

    /// <returns>The number; null when the text is not exactly a JSON number.</returns>
    public static PlainNumber? Parse(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int end = 0;
        if (!TryRead(bytes, ref end) || end != bytes.Length)
            return null;

        bool isNegative = text.StartsWith('-');
        string[] parts = text.TrimStart('-').Split('e', 'E');
        string[] digits = parts[0].Split('.');
        string fraction = digits.Length == 2 ? digits[1] : "";
        BigInteger exponent = parts.Length == 2 ? BigInteger.Parse(parts[1].TrimStart('+'), CultureInfo.InvariantCulture) : 0;
        exponent -= fraction.Length;
        exponent = BigInteger.Min(BigInteger.Max(exponent, -LargestExponent), LargestExponent);
        return new(isNegative, BigInteger.Parse(digits[0] + fraction, CultureInfo.InvariantCulture), (int)exponent);
    }

    /// <summary>Moves to the end of a number.</summary>
    public static bool TryRead(byte[] text, ref int at)
    {
        int start = at;
        if (IsAt(text, at, "-"))
            at++;
        if (IsAt(text, at, "0"))
            at++;
        else if (!SkipDigits(text, ref at))
            return false;
        if (IsAt(text, at, "."))
        {
            at++;
            if (!SkipDigits(text, ref at))
                return false;
        }

        if (IsAt(text, at, "eE"))
        {
            at++;
            if (IsAt(text, at, "+-"))
                at++;
            if (!SkipDigits(text, ref at))
                return false;
        }

        return at > start;
    }

    /// <summary>The whole part after the number, without its sign, is multiplied by a power of ten.</summary>
    public BigInteger Scale(int power)
    {
        int exponent = Exponent + power;
        return exponent >= 0 ? Digits * BigInteger.Pow(10, exponent) : Digits / BigInteger.Pow(10, -exponent);
    }

    private static bool IsAt(byte[] text, int at, string characters) => at < text.Length && characters.Contains((char)text[at]);

    private static bool SkipDigits(byte[] text, ref int at)
    {
        int start = at;
        while (IsAt(text, at, "0123456789"))
            at++;
        return at > start;
    }
}
