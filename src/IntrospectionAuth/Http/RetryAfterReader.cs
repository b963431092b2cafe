using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Http;

/// <summary>Reads <c>Retry-After</c>: seconds or an HTTP date (RFC 9110, section 10.2.3), limited to 1 second to 5 minutes.</summary>
internal static class RetryAfterReader
{
    private static readonly TimeSpan s_minimum = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maximum = TimeSpan.FromMinutes(5);

    /// <returns>How long the authorization server asks to wait; null when it does not say, or the value is malformed.</returns>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (!headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values) || values.Count != 1)
            return null;

        string text = values.ToString().Trim();
        if (text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            text = text.TrimStart('0');
            return Clamp(text.Length > 9 ? s_maximum : TimeSpan.FromSeconds(int.Parse("0" + text, CultureInfo.InvariantCulture)));
        }

        return headers.RetryAfter?.Date is { } date ? Clamp(date - now) : null;
    }

    /// <summary>Reads a status that is about the authorization server, not about the token or this API.</summary>
    public static Unavailability ReadUnexpectedStatus(HttpResponseMessage response, DateTimeOffset now)
    {
        TimeSpan? retryAfter = Read(response.Headers, now);
        bool concernsAllCallers = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
        return new(UnavailableReason.UnexpectedStatus)
        {
            Url = ServerUrl.Describe(response.RequestMessage?.RequestUri),
            StatusCode = response.StatusCode,
            RequestedDelay = retryAfter,
            RequestsBackOff = retryAfter is not null && concernsAllCallers,
        };
    }

    private static TimeSpan Clamp(TimeSpan value) =>
        value < s_minimum ? s_minimum
        : value > s_maximum ? s_maximum
        : value;
}
