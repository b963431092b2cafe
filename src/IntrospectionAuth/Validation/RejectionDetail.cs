using System.Globalization;
using System.Security.Claims;
using System.Text;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Validation;

/// <summary>
/// Tells operators what was found in a response whose token is refused: the members that were judged, and of no other a value.
/// </summary>
internal static class RejectionDetail
{
    private const int MaximumLength = 200;

    /// <summary>Describes what was found, to stand behind the failure in a log.</summary>
    /// <param name="failure">Why the token is refused.</param>
    /// <param name="response">The response.</param>
    /// <param name="token">The token, in case that the response repeats it.</param>
    /// <returns>Members and values in parentheses behind a space; empty when the failure says it all.</returns>
    public static string Describe(OAuthIntrospectionFailure failure, IntrospectionResponse response, ReadOnlySpan<char> token)
    {
        var text = new StringBuilder();
        foreach (MemberValue member in response.Members)
        {
            if (!IsJudged(failure, member))
                continue;

            text.Append(text.Length == 0 ? "" : ", ").Append(member.Name).Append(' ');
            AppendValue(text, member, token);
            if (text.Length > MaximumLength)
                break;
        }

        if (text.Length == 0)
            return "";
        if (text.Length > MaximumLength)
            text.Length = MaximumLength;
        return $" ({text})";
    }

    private static bool IsJudged(OAuthIntrospectionFailure failure, in MemberValue member) =>
        failure switch
        {
            OAuthIntrospectionFailure.Expired => member.Name is MemberNames.ExpiresAt or MemberNames.ExpiresIn,
            OAuthIntrospectionFailure.NotYetValid => member.Name == MemberNames.NotBefore,
            OAuthIntrospectionFailure.WrongIssuer => member.Name == MemberNames.Issuer,
            OAuthIntrospectionFailure.WrongAudience => member.Name == MemberNames.Audience,
            OAuthIntrospectionFailure.WrongTokenType => TokenKindReader.IsTypeMember(member.Name)
                && (member.ValueType != ClaimValueTypes.String || TokenKindReader.Read(member.Name, member.Text) != TokenKind.Access),
            _ => false,
        };

    private static void AppendValue(StringBuilder text, in MemberValue member, ReadOnlySpan<char> token)
    {
        if (member.ValueType is JsonValueTypes.Object or JsonValueTypes.Array)
            text.Append("is no plain value"); // there may be anything in it
        else if (member.Text.AsSpan().Contains(token, StringComparison.Ordinal))
            text.Append("has the token in it");
        else
            AppendEscaped(text.Append('"'), member.Text).Append('"');
    }

    private static StringBuilder AppendEscaped(StringBuilder text, string value)
    {
        foreach (char character in value.AsSpan(0, Math.Min(value.Length, MaximumLength)))
        {
            if (character is >= ' ' and <= '~' and not ('"' or '\\'))
                text.Append(character);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }

        return text;
    }
}
