using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.DPoP;

/// <summary>
/// Compares <c>htu</c> with the URL of a request (RFC 9449, section 4.3, step 9), after normalization of both (RFC 3986, sections 6.2.2 and
/// 6.2.3).
/// </summary>
internal static class TargetUrl
{
    /// <summary>
    /// Whether the URL, without its query and fragment, is that of the request. Behind a proxy, <c>ForwardedHeaders</c> sets the scheme and
    /// host of the request.
    /// </summary>
    public static bool IsThatOf(HttpRequest request, string url)
    {
        int colon = url.IndexOf("://", StringComparison.Ordinal);
        if (colon < 0)
            return false;

        ReadOnlySpan<char> scheme = url.AsSpan(0, colon);
        ReadOnlySpan<char> rest = url.AsSpan(colon + 3);
        if (rest.IndexOfAny('?', '#') is >= 0 and var query)
            rest = rest[..query];
        int slash = rest.IndexOf('/');
        ReadOnlySpan<char> authority = slash < 0 ? rest : rest[..slash];
        string path = slash < 0 ? "" : rest[slash..].ToString();

        ReadOnlySpan<char> host = WithoutDefaultPort(authority, scheme);

        // Request.Host decodes the header and may throw, so the header itself is compared. A URL without a host is invalid (RFC 9110,
        // section 4.2.1).
        return !host.IsEmpty
            && scheme.Equals(request.Scheme, StringComparison.OrdinalIgnoreCase)
            && host.Equals(WithoutDefaultPort(request.Headers.Host.ToString(), scheme), StringComparison.OrdinalIgnoreCase)
            && Decode(path) is { } decoded
            && string.Equals(Normalize(decoded), Normalize(request.PathBase.Value + request.Path.Value), StringComparison.Ordinal);
    }

    private static ReadOnlySpan<char> WithoutDefaultPort(ReadOnlySpan<char> authority, ReadOnlySpan<char> scheme)
    {
        string port = scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase) ? ":443" : ":80";
        return authority.EndsWith(port, StringComparison.Ordinal) ? authority[..^port.Length]
            : authority.EndsWith(":", StringComparison.Ordinal) ? authority[..^1]
            : authority;
    }

    /// <summary>
    /// Decodes everything but <c>%2F</c>, as the server decodes the path of a request. URLs that differ for the application stay different.
    /// </summary>
    private static string? Decode(string path)
    {
        try
        {
            return PathString.FromUriComponent(path).Value ?? "";
        }
        catch (InvalidOperationException)
        {
            return null; // a null character, which no request path contains
        }
    }

    private static string Normalize(string path)
    {
        if (path.Length == 0)
            return "/";

        string normalized = path.Replace("%2f", "%2F", StringComparison.Ordinal);
        return normalized.Contains("/.", StringComparison.Ordinal) ? RemoveDotSegments(normalized) : normalized;
    }

    /// <summary>RFC 3986, section 5.2.4, for a path that begins with a slash.</summary>
    private static string RemoveDotSegments(string path)
    {
        var kept = new List<string>();
        string[] segments = path.Split('/');
        foreach (string segment in segments)
        {
            if (segment == "..")
            {
                if (kept.Count > 1) // the first one is the empty text before the slash
                    kept.RemoveAt(kept.Count - 1);
            }
            else if (segment != ".")
            {
                kept.Add(segment);
            }
        }

        if (segments[^1] is "." or "..")
            kept.Add("");
        return string.Join('/', kept);
    }
}
