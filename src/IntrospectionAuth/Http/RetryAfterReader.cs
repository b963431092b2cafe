using System.Globalization;
using System.Net.Http.Headers;

namespace IntrospectionAuth.Http;

/// <summary>Reads <c>Retry-After</c>: seconds or an HTTP date (RFC 9110, section 10.2.3), held between 1 second and 5 minutes.</summary>
internal static class RetryAfterReader
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_minimum = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maximum = TimeSpan.FromMinutes(5);

    /// <returns>How long the server wants to be left alone; null when it does not say, or not legibly.</returns>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (!headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values) || values.Count != 1)
            return null;

        string text = values.ToString().Trim();
        if (text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return Clamp(text.Length > 9 ? s_maximum : TimeSpan.FromSeconds(int.Parse(text, CultureInfo.InvariantCulture)));

        return headers.RetryAfter?.Date is { } date ? Clamp(date - now) : null;
    }

    private static TimeSpan Clamp(TimeSpan value) =>
        value < s_minimum ? s_minimum
        : value > s_maximum ? s_maximum
        : value;
}
