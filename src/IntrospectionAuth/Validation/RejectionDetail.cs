using System.Globalization;
using System.Security.Claims;
using System.Text;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Validation;

/// <summary>
/// Describes, for the log, the members of a response that led to the rejection of its token. It includes values of no other members.
/// </summary>
internal static class RejectionDetail
{
    private const int MaximumLength = 200;

    /// <summary>Describes the members that led to a failure. A value that contains the token is replaced.</summary>
    /// <returns>A space, then members and values in parentheses; empty when the failure depends on no member.</returns>
    public static string Describe(OAuthIntrospectionFailure failure, IntrospectionResponse response, ReadOnlySpan<char> token)
    {
        var text = new StringBuilder();
        foreach (MemberValue member in response.Members)
        {
            if (!LedTo(failure, member))
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

    private static bool LedTo(OAuthIntrospectionFailure failure, in MemberValue member) =>
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
            text.Append("is no plain value"); // It may hold anything.
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
