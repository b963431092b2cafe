using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace IntrospectionAuth.Tokens;

/// <summary>Reads members of a JWT (RFC 7519) without verifying it, within strict limits. It never throws.</summary>
internal static class UnverifiedJwtReader
{
    private const int LongestPart = 8192; // characters
    private const int Depth = 16;

    // The decoder would skip white space and accept padding.
    private static readonly SearchValues<char> s_alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <summary>Whether the token has the three or five parts of a JWT, the first of which is a JSON object with an <c>alg</c>.</summary>
    public static bool IsJwt(ReadOnlySpan<char> token) => IsJwt(token, LongestPart);

    /// <summary>
    /// Whether the token is a signed introspection response (RFC 9701, section 5), which must not be accepted as an access token (section
    /// 8.1).
    /// </summary>
    /// <param name="token">The token. Only the scheme limits its length, so a long header, for example with <c>x5c</c>, does not hide its
    /// type.</param>
    public static bool IsIntrospectionResponse(ReadOnlySpan<char> token)
    {
        if (!IsJwt(token, longestHeader: token.Length) || ReadMember(Part(token, 0), "typ"u8, token.Length) is not { } type)
            return false;

        ReadOnlySpan<char> name = type.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
            ? type.AsSpan("application/".Length)
            : type; // RFC 7515, section 4.1.9
        return name.Equals("token-introspection+jwt", StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>The <c>iss</c> of a signed JWT; null for any other token, and without exactly one <c>iss</c> that is a string.</returns>
    public static string? ReadIssuer(ReadOnlySpan<char> token) => ReadClaim(token, "iss"u8);

    /// <returns>A claim of a signed JWT; null for any other token, and without exactly one claim of that name that is a string.</returns>
    public static string? ReadClaim(ReadOnlySpan<char> token, ReadOnlySpan<byte> name) =>
        CountParts(token) == 3 && IsJwt(token) ? ReadMember(Part(token, 1), name) : null;

    private static bool IsJwt(ReadOnlySpan<char> token, int longestHeader) =>
        CountParts(token) is 3 or 5
        && Part(token, 0) is { IsEmpty: false } header
        && ReadMember(header, "alg"u8, longestHeader) is not null;

    private static int CountParts(ReadOnlySpan<char> token) => token.Count('.') + 1;

    private static ReadOnlySpan<char> Part(ReadOnlySpan<char> token, int index)
    {
        foreach (Range range in token.Split('.'))
        {
            if (index-- == 0)
                return token[range];
        }

        return default;
    }

    /// <returns>A member of the outermost object; null unless it occurs exactly once and is a string that is not empty.</returns>
    private static string? ReadMember(ReadOnlySpan<char> part, ReadOnlySpan<byte> name, int longest = LongestPart)
    {
        if (part.Length == 0 || part.Length > longest || part.ContainsAnyExcept(s_alphabet))
            return null;

        byte[] buffer = ArrayPool<byte>.Shared.Rent(Base64Url.GetMaxDecodedLength(part.Length));
        try
        {
            return Base64Url.DecodeFromChars(part, buffer, out _, out int written) == OperationStatus.Done
                ? ReadMember(new Utf8JsonReader(buffer.AsSpan(0, written), new JsonReaderOptions { MaxDepth = Depth }), name)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // not JSON, or text that is not Unicode
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static string? ReadMember(Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        json.Read(); // throws at the end of the text
        if (json.TokenType != JsonTokenType.StartObject)
            return null;

        string? found = null;
        while (json.Read())
        {
            if (json.CurrentDepth != 1 || json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals(name))
                continue;
            json.Read();
            if (found is not null || json.TokenType != JsonTokenType.String)
                return null;

            found = json.GetString();
        }

        return string.IsNullOrEmpty(found) ? null : found;
    }
}
