using System.Net.Http.Headers;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Http;

/// <summary>Names a response's content type for a log, where it is not the one that was expected.</summary>
internal static class MediaTypeText
{
    private const int MaximumLength = 60;

    /// <returns>
    /// The end of the sentence "its content type is not JSON": <c> but text/html</c>. Nothing, when the type is illegible or repeats a
    /// secret.
    /// </returns>
    public static string But(HttpContentHeaders headers, params ReadOnlySpan<string?> secrets)
    {
        if (!headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values) || values.Count == 0)
            return " (it has none)";
        if (values.Count > 1)
            return " (it has several)";
        if (headers.ContentType?.MediaType is not { } mediaType || !IsLegible(mediaType))
            return "";

        foreach (string? secret in secrets)
        {
            if (!string.IsNullOrEmpty(secret) && ErrorCodeReader.Repeats(mediaType, secret))
                return "";
        }

        return $" but {mediaType}";
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
