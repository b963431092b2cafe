using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.TokenRetrieval;

/// <summary>Reads the access token of an <c>Authorization</c> header: a bearer's (RFC 6750, section 2.1), or one with a DPoP proof (RFC 9449, section 7.1).</summary>
internal static class AuthorizationReader
{
    private const string Bearer = "Bearer";
    private const string DPoP = "DPoP";

    // b64token, and token68, which is the same = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
    private static readonly SearchValues<char> s_tokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    public static PresentedToken Read(StringValues authorization, int maximumLength)
    {
        if (authorization.Count > 1)
            return ReadSeveral(authorization);

        string? value = authorization.ToString();
        if (HasScheme(value, Bearer))
            return ReadBehind(value, Bearer.Length, maximumLength);
        return HasScheme(value, DPoP) ? ReadBehind(value, DPoP.Length, maximumLength).AsDPoP() : PresentedToken.None;
    }

    public static PresentedToken ReadToken(StringSegment token, int maximumLength) =>
        token.Length <= maximumLength && IsB64Token(token.AsSpan()) ? PresentedToken.Found(token) : PresentedToken.Malformed;

    private static PresentedToken ReadBehind(string value, int start, int maximumLength)
    {
        while (start < value.Length && value[start] == ' ')
            start++;

        return ReadToken(new StringSegment(value, start, value.Length - start), maximumLength);
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

    private static bool IsB64Token(ReadOnlySpan<char> token)
    {
        ReadOnlySpan<char> body = token.TrimEnd('=');
        return !body.IsEmpty && !body.ContainsAnyExcept(s_tokenCharacters);
    }
}
