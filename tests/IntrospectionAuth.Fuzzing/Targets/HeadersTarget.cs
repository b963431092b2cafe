using System.Globalization;
using System.Numerics;
using System.Text;
using IntrospectionAuth.Http;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>The headers of a response. Each line of the input begins with R (<c>Retry-After</c>) or C (<c>Cache-Control</c>).</summary>
internal sealed class HeadersTarget : FuzzTarget
{
    private const long LongestAge = 999_999_999; // in seconds; a longer one is no limit

    public override string Name => "headers";

    public override string Purpose => "`Retry-After` and `Cache-Control` of a response (RFC 9110, RFC 9111)";

    public override int MaximumLength => 512;

    public override IReadOnlyList<string> Words { get; } =
    [
        "\nR",
        "\nC",
        "R120",
        "RThu, 01 Jan 2026 00:01:00 GMT",
        "RThursday, 01-Jan-26 00:01:00 GMT",
        "RThu Jan  1 00:01:00 2026",
        "Cmax-age=60",
        "Cno-store",
        "no-cache",
        "MAX-AGE = \"60\"",
        "s-maxage=1",
        "private, ",
        ",",
        "=",
        "-1",
        "00000000000001",
        "99999999999",
    ];

    public override void Run(byte[] input)
    {
        string[] lines = Encoding.Latin1.GetString(input).Split('\n');
        string[] retryAfter = [.. lines.Where(static it => it.StartsWith('R')).Select(static it => it[1..])];
        string[] cacheControl = [.. lines.Where(static it => it.StartsWith('C')).Select(static it => it[1..])];
        using var response = new HttpResponseMessage();
        bool isRetryAfterSent = response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        bool isCacheControlSent = response.Headers.TryAddWithoutValidation("Cache-Control", cacheControl);

        TimeSpan? delay = Measure(input, () => RetryAfterReader.Read(response.Headers, Now));
        TimeSpan? age = Measure(input, () => CacheControlReader.Read(response.Headers));

        Finding.Unless(delay is null || (delay >= TimeSpan.FromSeconds(1) && delay <= TimeSpan.FromMinutes(5)), "a delay is out of range");
        if (isRetryAfterSent && retryAfter.Length == 1 && ReadDelay(retryAfter[0].Trim()) is { } expected)
            Finding.UnlessEqual<TimeSpan?>(expected, delay, "Retry-After");
        if (isCacheControlSent)
            Finding.UnlessEqual(ReadAge(cacheControl), age, "Cache-Control");
    }

    /// <returns>What a number of seconds or a date in the preferred format means; null for anything else.</returns>
    private static TimeSpan? ReadDelay(string text)
    {
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            BigInteger seconds = BigInteger.Parse(text, CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds((long)BigInteger.Min(BigInteger.Max(seconds, 1), 300));
        }

        if (!DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset date))
            return null;
        double delay = (date - Now).TotalSeconds;
        return TimeSpan.FromSeconds(Math.Clamp(delay, 1, 300));
    }

    /// <returns>The strictest directive; null when there is none.</returns>
    private static TimeSpan? ReadAge(string[] values)
    {
        long? shortest = null;
        foreach (string directive in values.SelectMany(static it => it.Split(',')).Select(static it => it.Trim()))
        {
            string[] parts = directive.Split('=', 2);
            long? age = parts[0].TrimEnd().ToUpperInvariant() switch
            {
                "NO-STORE" or "NO-CACHE" => 0,
                "MAX-AGE" => parts.Length < 2 ? 0 : ReadSeconds(parts[1].Trim().Trim('"')),
                _ => null,
            };
            shortest = age < shortest || shortest is null ? age ?? shortest : shortest;
        }

        return shortest is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>RFC 9111, section 4.2.1: a malformed age counts as stale.</summary>
    private static long? ReadSeconds(string text)
    {
        if (text.Length == 0 || !text.All(char.IsAsciiDigit))
            return 0;

        BigInteger seconds = BigInteger.Parse(text, CultureInfo.InvariantCulture);
        return seconds > LongestAge ? null : (long)seconds;
    }
}
