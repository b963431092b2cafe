using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tokens;

/// <summary>Reads the access token of an <c>Authorization</c> header: a bearer's (RFC 6750, section 2.1), or one with a DPoP proof (RFC 9449, section 7.1).</summary>
internal static class AuthorizationReader
{
    private const string Bearer = "Bearer";
    private const string DPoP = "DPoP";

    private static readonly SearchValues<char> s_ofBearerTokens = SearchValues.Create(TokenCharacters.OfBearerTokens);

    /// <param name="authorization">The values of the header.</param>
    /// <param name="maximumLength">The length of the longest token that is not malformed.</param>
    /// <param name="characters">What a token may hold; null: what bearer tokens do.</param>
    public static PresentedToken Read(StringValues authorization, int maximumLength, SearchValues<char>? characters = null)
    {
        if (authorization.Count > 1)
            return ReadSeveral(authorization);

        string? value = authorization.ToString();
        if (HasScheme(value, Bearer))
            return ReadBehind(value, Bearer.Length, maximumLength, characters);
        return HasScheme(value, DPoP) ? ReadBehind(value, DPoP.Length, maximumLength, characters).AsDPoP() : PresentedToken.None;
    }

    public static PresentedToken ReadToken(StringSegment token, int maximumLength, SearchValues<char>? characters = null) =>
        token.Length <= maximumLength && IsToken(token.AsSpan(), characters) ? PresentedToken.Found(token) : PresentedToken.Malformed;

    private static PresentedToken ReadBehind(string value, int start, int maximumLength, SearchValues<char>? characters)
    {
        while (start < value.Length && value[start] == ' ')
            start++;

        return ReadToken(new StringSegment(value, start, value.Length - start), maximumLength, characters);
    }

    /// <summary>Two values are malformed as soon as one of them would be ours: which one counts must not be guessed.</summary>
    private static PresentedToken ReadSeveral(StringValues authorization)
    {
        bool isDPoP = false;
        foreach (string? value in authorization)
        {
            if (HasScheme(value, Bearer))
                return PresentedToken.Malformed;
            isDPoP |= HasScheme(value, DPoP);
        }

        return isDPoP ? PresentedToken.Malformed.AsDPoP() : PresentedToken.None;
    }

    private static bool HasScheme(ReadOnlySpan<char> value, string scheme) =>
        value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && (value.Length == scheme.Length || value[scheme.Length] == ' ');

    private static bool IsToken(ReadOnlySpan<char> token, SearchValues<char>? characters)
    {
        ReadOnlySpan<char> body = token.TrimEnd('=');
        if (body.IsEmpty)
            return false;

        // Apart, since the compiler knows what the static field holds.
        return characters is null ? !body.ContainsAnyExcept(s_ofBearerTokens) : !body.ContainsAnyExcept(characters);
    }
}
