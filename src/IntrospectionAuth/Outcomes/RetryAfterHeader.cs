using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Outcomes;

/// <summary>The <c>Retry-After</c> of a response to a caller, in whole seconds (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfterHeader
{
    /// <param name="response">The response.</param>
    /// <param name="delay">How long the caller should wait; null when that is not known.</param>
    public static void Set(HttpResponse response, TimeSpan? delay)
    {
        double seconds = Math.Ceiling((delay ?? Unavailability.DefaultRetryAfter).TotalSeconds);
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }
}
