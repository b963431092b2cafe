using System.Buffers;

namespace IntrospectionAuth.Tokens;

/// <summary>The characters of tokens: those of RFC 6750, and those that a server uses beside them.</summary>
internal static class TokenCharacters
{
    // b64token, and token68, which is the same = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
    public const string OfBearerTokens = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";

    /// <summary>Every character that a token may hold where the options add all that they can: for those who do not judge it.</summary>
    public static SearchValues<char> All { get; } =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(static code => (char)code).Where(MayBeAdded)]);

    /// <returns>The characters of tokens and these; null when there are none beside those of bearer tokens.</returns>
    public static SearchValues<char>? With(string additional) =>
        additional.Length == 0 ? null : SearchValues.Create(OfBearerTokens + additional);

    /// <summary>
    /// Whether a character can be told apart in every place where a token may be: never a separator of header fields, nor a quote or what
    /// escapes one.
    /// </summary>
    public static bool MayBeAdded(char character) => character is > ' ' and <= '~' and not (',' or '"' or '\'' or '\\');
}
