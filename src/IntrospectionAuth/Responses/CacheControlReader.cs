using System.Globalization;
using System.Net.Http.Headers;

namespace IntrospectionAuth.Responses;

/// <summary>
/// Reads from <c>Cache-Control</c> how long a response may be cached (RFC 9111, section 5.2.2). The strictest directive applies.
/// </summary>
internal static class CacheControlReader
{
    /// <returns>The longest time; zero when the response must not be cached; null when the header sets no limit.</returns>
    public static TimeSpan? Read(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("Cache-Control", out HeaderStringValues values))
            return null;

        TimeSpan? shortest = null;
        foreach (string value in values)
        {
            foreach (Range range in value.AsSpan().Split(','))
            {
                if (ReadDirective(value.AsSpan(range).Trim()) is { } age && !(age >= shortest))
                    shortest = age;
            }
        }

        return shortest;
    }

    private static TimeSpan? ReadDirective(ReadOnlySpan<char> directive)
    {
        int equals = directive.IndexOf('=');
        ReadOnlySpan<char> name = equals < 0 ? directive : directive[..equals].TrimEnd();
        if (name.Equals("no-store", StringComparison.OrdinalIgnoreCase) || name.Equals("no-cache", StringComparison.OrdinalIgnoreCase))
            return TimeSpan.Zero;
        if (!name.Equals("max-age", StringComparison.OrdinalIgnoreCase))
            return null;

        ReadOnlySpan<char> seconds = equals < 0 ? [] : directive[(equals + 1)..].Trim().Trim('"');
        if (seconds.IsEmpty || seconds.ContainsAnyExceptInRange('0', '9'))
            return TimeSpan.Zero; // section 4.2.1: a malformed value counts as stale

        seconds = seconds.TrimStart('0');
        return seconds.IsEmpty ? TimeSpan.Zero
            : seconds.Length > 9 ? null
            : TimeSpan.FromSeconds(int.Parse(seconds, NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
