using System.Globalization;
using System.Text;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>The token of a request (PROTOCOL T1 to T4), from its headers, its query and its form.</summary>
internal static class PlainAuthorization
{
    public const string None = "none";
    public const string Malformed = "malformed";

    private const string TokenCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";

    /// <returns><see cref="None"/>, <see cref="Malformed"/>, or the scheme and the token.</returns>
    public static string Read(IReadOnlyList<string> headers, int maximumLength, string more = "")
    {
        string[] schemes = [.. headers.Select(static it => it.Split(' ')[0].ToUpperInvariant())];
        if (!schemes.Any(static it => it is "BEARER" or "DPOP"))
            return None;
        if (headers.Count > 1)
            return Malformed;

        string token = headers[0][schemes[0].Length..].TrimStart(' ');
        return IsToken(token, maximumLength, more) ? $"{schemes[0]} {token}" : Malformed;
    }

    /// <returns>The same, of a request that may also have the token in its query and its form.</returns>
    public static string Read(IReadOnlyList<string> headers, string? query, string? form, int maximumLength)
    {
        string[] parameters = [.. ParametersOf(query), .. ParametersOf(form)];
        string header = Read(headers, maximumLength);
        if (parameters.Length == 0)
            return header;

        // T4: a token in two places at once.
        return header != None || parameters.Length > 1 || !IsToken(parameters[0], maximumLength, "")
            ? Malformed
            : $"BEARER {parameters[0]}";
    }

    private static bool IsToken(string token, int maximumLength, string more)
    {
        string body = token.TrimEnd('=');
        return token.Length <= maximumLength && body.Length > 0 && body.All(c => (TokenCharacters + more).Contains(c));
    }

    /// <summary>The values of <c>access_token</c>. ASP.NET Core ignores the case of names.</summary>
    private static IEnumerable<string> ParametersOf(string? encoded) =>
        (encoded ?? "")
            .Split('&')
            .Where(static it => it.Length > 0)
            .Select(static it => it.Split('=', 2))
            .Where(static it => Decode(it[0]).Equals("access_token", StringComparison.OrdinalIgnoreCase))
            .Select(static it => it.Length > 1 ? Decode(it[1]) : "");

    /// <summary>Decodes ASCII. Any other character becomes one that no token and no name has.</summary>
    private static string Decode(string text)
    {
        var decoded = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            bool isEscaped =
                text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]);
            int code = isEscaped ? int.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : text[i];
            decoded.Append(
                code >= 0x80 ? '\uFFFD'
                : !isEscaped && code == '+' ? ' '
                : (char)code
            );
            i += isEscaped ? 2 : 0;
        }

        return decoded.ToString();
    }
}
