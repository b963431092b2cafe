using System.Buffers;

namespace IntrospectionAuth.Tokens;

/// <summary>The characters of tokens: those of RFC 6750, and additional ones that an authorization server uses.</summary>
internal static class TokenCharacters
{
    // b64token and token68 are both 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
    public const string OfBearerTokens = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";

    /// <summary>Every character that the options can allow.</summary>
    public static SearchValues<char> All { get; } =
        SearchValues.Create([.. Enumerable.Range(0, 128).Select(static code => (char)code).Where(MayBeAdded)]);

    /// <returns>The characters of RFC 6750 and the additional ones; null when there are no additional ones.</returns>
    public static SearchValues<char>? With(string additional) =>
        additional.Length == 0 ? null : SearchValues.Create(OfBearerTokens + additional);

    /// <summary>
    /// Whether the options may allow a character: printable ASCII, but no separator of header values, quote or escape character.
    /// </summary>
    public static bool MayBeAdded(char character) => character is > ' ' and <= '~' and not (',' or '"' or '\'' or '\\');
}
