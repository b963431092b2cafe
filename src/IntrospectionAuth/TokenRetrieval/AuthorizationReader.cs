using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.TokenRetrieval;

/// <summary>Reads the bearer token of an <c>Authorization</c> header (RFC 6750, section 2.1).</summary>
internal static class AuthorizationReader
{
    private const string Scheme = "Bearer";

    // b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
    private static readonly SearchValues<char> s_tokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    public static PresentedToken Read(StringValues authorization, int maximumLength)
    {
        if (authorization.Count > 1)
            return ReadSeveral(authorization);

        string? value = authorization.ToString();
        if (!HasBearerScheme(value))
            return PresentedToken.None;

        int start = Scheme.Length;
        while (start < value.Length && value[start] == ' ')
            start++;

        return ReadToken(new StringSegment(value, start, value.Length - start), maximumLength);
    }

    public static PresentedToken ReadToken(StringSegment token, int maximumLength) =>
        token.Length <= maximumLength && IsB64Token(token.AsSpan()) ? PresentedToken.Found(token) : PresentedToken.Malformed;

    /// <summary>Two values are malformed as soon as one of them would be ours: which one counts must not be guessed.</summary>
    private static PresentedToken ReadSeveral(StringValues authorization)
    {
        foreach (string? value in authorization)
        {
            if (HasBearerScheme(value))
                return PresentedToken.Malformed;
        }

        return PresentedToken.None;
    }

    private static bool HasBearerScheme(ReadOnlySpan<char> value) =>
        value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && (value.Length == Scheme.Length || value[Scheme.Length] == ' ');

    private static bool IsB64Token(ReadOnlySpan<char> token)
    {
        ReadOnlySpan<char> body = token.TrimEnd('=');
        return !body.IsEmpty && !body.ContainsAnyExcept(s_tokenCharacters);
    }
}
