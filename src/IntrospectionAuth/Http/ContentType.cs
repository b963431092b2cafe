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
        if (Read(values.ToString(), headers) is not { } mediaType || !IsLegible(mediaType))
            return "";

        return RepeatedSecret.IsIn(mediaType, secrets) ? "" : $" but {mediaType}";
    }

    /// <returns>The media type; null when there is none, or more than one.</returns>
    private static string? MediaTypeOf(HttpContentHeaders headers) =>
        headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values) && values.Count == 1
            ? Read(values.ToString(), headers)
            : null;

    /// <remarks>
    /// The parameters do not matter. The framework's parser rejects empty ones ("application/json;"), which RFC 9110, section 5.6.6
    /// allows, so it reads only what is before them.
    /// </remarks>
    private static string? Read(string value, HttpContentHeaders headers)
    {
        // A comma between several types, unless the framework finds that it is part of a quoted parameter.
        if (value.Contains(',', StringComparison.Ordinal) && headers.ContentType is null)
            return null;

        return MediaTypeHeaderValue.TryParse(value.Split(';', 2)[0], out MediaTypeHeaderValue? type) ? type.MediaType : null;
    }

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
