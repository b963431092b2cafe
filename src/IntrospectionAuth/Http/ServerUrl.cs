using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace IntrospectionAuth.Http;

/// <summary>
/// The rule for every URL of an authorization server, configured or discovered: https, or http if the host is loopback or
/// <c>RequireHttps</c> is off.
/// </summary>
internal static class ServerUrl
{
    /// <returns>What is wrong, or null.</returns>
    public static UrlFault? FindFault(string? url, bool requireHttps)
    {
        if (!TryParse(url, out Uri? parsed))
            return UrlFault.NotAbsolute;
        if (requireHttps && IsExposed(parsed))
            return UrlFault.PlainHttp;
        return parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0 ? UrlFault.UserInfoOrFragment : null;
    }

    /// <returns>What is wrong with an issuer, which is a prefix of URLs and is compared with other issuers; or null.</returns>
    public static UrlFault? FindIssuerFault(string? issuer, bool requireHttps)
    {
        if (FindFault(issuer, requireHttps) is { } fault)
            return fault;

        // Uri ignores spaces around a URL; a comparison does not.
        return issuer!.Any(char.IsWhiteSpace) ? UrlFault.NotAbsolute
            : issuer!.Contains('?', StringComparison.Ordinal) ? UrlFault.Query
            : null;
    }

    /// <summary>Whether requests to the URL cross a network unencrypted.</summary>
    public static bool IsExposed(Uri url) => url.Scheme == Uri.UriSchemeHttp && !IsLoopback(url);

    public static bool IsLoopback(Uri url) =>
        url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.DnsSafeHost, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <returns>The URL for a log: without user information, query and fragment; null when it is not absolute.</returns>
    public static string? Describe(Uri? url) =>
        url is { IsAbsoluteUri: true }
            ? LogText.Escape(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped))
            : null;

    // Uri reads a backslash as a slash. Other readers, and RFC 3986, do not.
    private static bool TryParse(string? url, [NotNullWhen(true)] out Uri? parsed) =>
        Uri.TryCreate(url, UriKind.Absolute, out parsed) && parsed.Scheme is "https" or "http" && !url!.Contains('\\');
}
