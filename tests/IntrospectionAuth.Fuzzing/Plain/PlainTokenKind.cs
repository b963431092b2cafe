using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>What <c>token_type</c>, <c>typ</c>, <c>token_use</c> or <c>token_usage</c> says about a token (PROTOCOL R7).</summary>
internal static class PlainTokenKind
{
    private static readonly string[] s_access = ["", "ACCESS", "AT", "BEARER", "DPOP"];
    private static readonly string[] s_refresh = ["REFRESH", "RT", "OFFLINE"];

    private static readonly string[] s_other =
    [
        "ID",
        "SERIALIZEDID",
        "LOGOUT",
        "AUTHORIZATIONCODE",
        "AUTHORIZATION",
        "CODE",
        "DEVICECODE",
        "USERCODE",
        "DC",
        "INITIALACCESS",
        "REGISTRATIONACCESS",
        "VERIFYEMAIL",
        "UPDATEEMAIL",
        "RESETCREDENTIALS",
        "EXECUTEACTIONS",
        "STATE",
        "REQUEST",
        "CLIENTASSERTION",
        "SAML1",
        "SAML2",
    ];

    public static TokenKind Of(string member, string? word)
    {
        if (word is null)
            return TokenKind.Other;

        string upper = word.Trim().ToUpperInvariant();
        foreach (string prefix in (string[])["URN:IETF:PARAMS:OAUTH:TOKEN-TYPE:", "APPLICATION/"])
        {
            if (upper.StartsWith(prefix, StringComparison.Ordinal))
            {
                upper = upper[prefix.Length..];
                break;
            }
        }

        int parameters = upper.IndexOf(';', StringComparison.Ordinal);
        upper = (parameters < 0 ? upper : upper[..parameters]).TrimEnd();
        if (upper.EndsWith("+JWT", StringComparison.Ordinal))
        {
            return upper == "AT+JWT" ? TokenKind.Access
                : s_refresh.Contains(Plain(upper[..^4])) ? TokenKind.Refresh
                : TokenKind.Other;
        }

        string plain = Plain(upper);
        return s_access.Contains(plain) ? TokenKind.Access
            : s_refresh.Contains(plain) ? TokenKind.Refresh
            : s_other.Contains(plain) ? TokenKind.Other
            : member is "token_use" or "token_usage" ? TokenKind.Unknown
            : TokenKind.Access;
    }

    private static string Plain(string upper)
    {
        string plain = string.Concat(upper.Where(static c => c is not ('_' or '-' or ' ')));
        return plain.EndsWith("TOKEN", StringComparison.Ordinal) ? plain[..^5] : plain;
    }
}
