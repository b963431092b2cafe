using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tokens;

/// <summary>
/// Reads the access token of an <c>Authorization</c> header: a bearer token (RFC 6750, section 2.1) or a DPoP token (RFC 9449, section
/// 7.1).
/// </summary>
internal static class AuthorizationReader
{
    private const string Bearer = "Bearer";
    private const string DPoP = "DPoP";

    private static readonly SearchValues<char> s_ofBearerTokens = SearchValues.Create(TokenCharacters.OfBearerTokens);

    /// <param name="authorization">The values of the header.</param>
    /// <param name="maximumLength">The maximum length of a token; longer ones are malformed.</param>
    /// <param name="characters">The accepted characters; null for those of RFC 6750.</param>
    public static RequestToken Read(StringValues authorization, int maximumLength, SearchValues<char>? characters = null)
    {
        if (authorization.Count > 1)
            return ReadSeveral(authorization);

        string? value = authorization.ToString();
        if (HasScheme(value, Bearer))
            return ReadAfterScheme(value, Bearer.Length, maximumLength, characters);
        return HasScheme(value, DPoP) ? ReadAfterScheme(value, DPoP.Length, maximumLength, characters).AsDPoP() : RequestToken.None;
    }

    public static RequestToken ReadToken(StringSegment token, int maximumLength, SearchValues<char>? characters = null) =>
        token.Length <= maximumLength && IsToken(token.AsSpan(), characters)
            ? RequestToken.Found(token)
            : RequestToken.Malformed(
                token.Length > maximumLength ? TokenFault.TooLong
                : token.Length == 0 ? TokenFault.Empty
                : TokenFault.InvalidCharacter
            );

    private static RequestToken ReadAfterScheme(string value, int start, int maximumLength, SearchValues<char>? characters)
    {
        while (start < value.Length && value[start] == ' ')
            start++;

        return ReadToken(new StringSegment(value, start, value.Length - start), maximumLength, characters);
    }

    /// <summary>
    /// Several values are malformed if one of them is a bearer or DPoP token: the choice between them must not be a guess.
    /// </summary>
    private static RequestToken ReadSeveral(StringValues authorization)
    {
        bool isDPoP = false;
        foreach (string? value in authorization)
        {
            if (HasScheme(value, Bearer))
                return RequestToken.Malformed(TokenFault.SeveralHeaders);
            isDPoP |= HasScheme(value, DPoP);
        }

        return isDPoP ? RequestToken.Malformed(TokenFault.SeveralHeaders).AsDPoP() : RequestToken.None;
    }

    private static bool HasScheme(ReadOnlySpan<char> value, string scheme) =>
        value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && (value.Length == scheme.Length || value[scheme.Length] == ' ');

    private static bool IsToken(ReadOnlySpan<char> token, SearchValues<char>? characters)
    {
        ReadOnlySpan<char> body = token.TrimEnd('=');
        if (body.IsEmpty)
            return false;

        // Two calls, because the compiler optimizes the one with the static field.
        return characters is null ? !body.ContainsAnyExcept(s_ofBearerTokens) : !body.ContainsAnyExcept(characters);
    }
}
