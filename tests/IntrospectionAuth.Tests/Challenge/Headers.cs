using System.Net.Http.Headers;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>Reads the raw headers of a response.</summary>
internal static class Headers
{
    /// <summary>The values of <c>WWW-Authenticate</c>, one line for each; empty when there is none.</summary>
    public static string Challenges(this HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out HeaderStringValues values) ? string.Join('\n', values) : "";

    /// <summary>The value of <c>Retry-After</c>, or null.</summary>
    public static string? RetryAfter(this HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values) ? values.ToString() : null;
}
