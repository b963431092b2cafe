using System.Globalization;
using System.Text;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>Compares URLs as RFC 3986, sections 6.2.2 and 6.2.3, describe it, for a request with an ASCII path.</summary>
internal static class PlainUrl
{
    public static bool IsSame(string url, string scheme, string host, string path)
    {
        string[] parts = url.Split("://", 2);
        if (parts.Length != 2 || !parts[0].Equals(scheme, StringComparison.OrdinalIgnoreCase))
            return false;

        string rest = parts[1].Split('?', '#')[0];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? rest : rest[..slash];
        foreach (string port in (string[])[":443", ":"])
        {
            if (authority.EndsWith(port, StringComparison.Ordinal))
            {
                authority = authority[..^port.Length];
                break;
            }
        }

        return authority.Equals(host, StringComparison.OrdinalIgnoreCase) && Normalize(slash < 0 ? "" : rest[slash..]) == path;
    }

    /// <returns>The path without escapes and dot segments; null when it has a null character.</returns>
    private static string? Normalize(string path)
    {
        string decoded = Decode(path);
        if (decoded.Contains('\0', StringComparison.Ordinal))
            return null;

        string[] segments = decoded.Split('/')[Math.Min(1, decoded.Length)..];
        var kept = new List<string>();
        foreach (string segment in segments)
        {
            if (segment == ".." && kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);
            else if (segment is not ("." or ".."))
                kept.Add(segment);
        }

        if (segments.LastOrDefault() is "." or "..")
            kept.Add("");
        return "/" + string.Join('/', kept);
    }

    /// <summary>Decodes ASCII, except a slash.</summary>
    private static string Decode(string path)
    {
        var decoded = new StringBuilder();
        for (int i = 0; i < path.Length; i++)
        {
            bool isEscape =
                path[i] == '%'
                && i + 2 < path.Length
                && char.IsAsciiHexDigit(path[i + 1])
                && char.IsAsciiHexDigit(path[i + 2])
                && path[i + 1] < '8';
            int code = isEscape ? int.Parse(path.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : '/';
            decoded.Append(code == '/' ? path[i] : (char)code);
            i += code == '/' ? 0 : 2;
        }

        return decoded.ToString();
    }
}
