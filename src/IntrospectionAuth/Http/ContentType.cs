using System.Net.Http.Headers;

namespace IntrospectionAuth.Http;

/// <summary>Judges the content type of a response.</summary>
internal static class ContentType
{
    private const int MaximumLength = 60;

    public static bool IsJson(HttpContentHeaders headers) =>
        MediaTypeOf(headers) is { } mediaType
        && (
            mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
        );

    public static bool Is(string mediaType, HttpContentHeaders headers) =>
        mediaType.Equals(MediaTypeOf(headers), StringComparison.OrdinalIgnoreCase);

    /// <summary>Names an unexpected content type for a log.</summary>
    /// <returns>
    /// The end of the sentence "its content type is not JSON": <c> but text/html</c>. Empty when the type is illegible or repeats a secret.
    /// </returns>
    public static string Describe(HttpContentHeaders headers, params ReadOnlySpan<string?> secrets)
    {
        if (!headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values) || values.Count == 0)
            return " (it has none)";
        if (values.Count > 1)
            return " (it has several)";
        if (headers.ContentType?.MediaType is not { } mediaType || !IsLegible(mediaType))
            return "";

        return RepeatedSecret.IsIn(mediaType, secrets) ? "" : $" but {mediaType}";
    }

    /// <returns>The media type; null when there is none, or more than one.</returns>
    private static string? MediaTypeOf(HttpContentHeaders headers) =>
        headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values) && values.Count == 1
            ? headers.ContentType?.MediaType
            : null;

    private static bool IsLegible(string mediaType)
    {
        if (mediaType.Length > MaximumLength)
            return false;

        foreach (char c in mediaType)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('/' or '+' or '-' or '.'))
                return false;
        }

        return true;
    }
}
