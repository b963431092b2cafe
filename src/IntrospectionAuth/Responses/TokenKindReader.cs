namespace IntrospectionAuth.Responses;

/// <summary>Reads the members in which authorization servers state the kind of a token.</summary>
internal static class TokenKindReader
{
    private const string UrnPrefix = "urn:ietf:params:oauth:token-type:"; // RFC 8693, section 3
    private const string MediaTypeTree = "application/"; // RFC 7515, section 4.1.9
    private const string JwtSuffix = "+jwt";

    public static bool IsTypeMember(string name) => name is MemberNames.TokenType or MemberNames.Type || IsUseMember(name);

    /// <summary>
    /// Whether the member states only the purpose of the token, not also how it is used.
    /// </summary>
    public static bool IsUseMember(string name) => name is MemberNames.TokenUse or MemberNames.TokenUsage;

    /// <summary>Reads a value of one of these members.</summary>
    /// <remarks>
    /// <c>token_use</c> and <c>token_usage</c> have an open vocabulary, so only values that mean an access token pass. <c>token_type</c>
    /// and <c>typ</c> also state how a token is used and encoded (<c>Bearer</c>, <c>JWT</c>), so an unknown plain word passes there. But a
    /// media type of a JWT names one kind of JWT (RFC 8725, section 3.11), and only <c>at+jwt</c> is an access token (RFC 9068).
    /// </remarks>
    public static TokenKind Read(string name, string word)
    {
        string plain = RemovePrefix(word);
        if (plain.EndsWith(JwtSuffix, StringComparison.OrdinalIgnoreCase))
        {
            return plain.Equals("at+jwt", StringComparison.OrdinalIgnoreCase) ? TokenKind.Access
                : Read(plain[..^JwtSuffix.Length]) == TokenKind.Refresh ? TokenKind.Refresh
                : TokenKind.Other;
        }

        TokenKind kind = Read(plain);
        return kind == TokenKind.Unknown && !IsUseMember(name) ? TokenKind.Access : kind;
    }

    /// <summary>The type of tokens that require a DPoP proof (RFC 9449, section 5).</summary>
    public static bool IsDPoP(string word) => Normalize(RemovePrefix(word)) == "DPOP";

    /// <summary>
    /// The types of tokens that require a proof of possession that this library does not support (RFC 9201, section 5; RFC 6749, section
    /// 7.1).
    /// </summary>
    public static bool IsBoundOtherwise(string word) => Normalize(RemovePrefix(word)) is "POP" or "MAC";

    private static TokenKind Read(string word) =>
        Normalize(word) switch
        {
            // An empty text says as little as none, or as "token".
            "" or "ACCESS" or "AT" or "BEARER" or "DPOP" => TokenKind.Access,

            // Keycloak calls a refresh token that outlives its session "Offline".
            "REFRESH" or "RT" or "OFFLINE" => TokenKind.Refresh,

            "ID" or "SERIALIZEDID" or "LOGOUT" or "AUTHORIZATIONCODE" or "AUTHORIZATION" or "CODE" or "DEVICECODE" or "USERCODE" or "DC" =>
                TokenKind.Other,

            // Tokens of Keycloak that register clients, or that a user gets by e-mail; tokens of OpenIddict between two steps of a login;
            // assertions.
            "INITIALACCESS"
            or "REGISTRATIONACCESS"
            or "VERIFYEMAIL"
            or "UPDATEEMAIL"
            or "RESETCREDENTIALS"
            or "EXECUTEACTIONS"
            or "STATE"
            or "REQUEST"
            or "CLIENTASSERTION"
            or "SAML1"
            or "SAML2" => TokenKind.Other,

            _ => TokenKind.Unknown,
        };

    private static string RemovePrefix(string word)
    {
        string plain = word.Trim();
        if (plain.StartsWith(UrnPrefix, StringComparison.OrdinalIgnoreCase))
            plain = plain[UrnPrefix.Length..];
        else if (plain.StartsWith(MediaTypeTree, StringComparison.OrdinalIgnoreCase))
            plain = plain[MediaTypeTree.Length..];
        return plain.Split(';')[0].TrimEnd(); // a media type may have parameters
    }

    /// <summary>The word in upper case, without what servers write differently: <c>refresh_token</c> is <c>REFRESH</c>.</summary>
    private static string Normalize(string word)
    {
        string plain = word.Replace("_", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal)
            .Replace(" ", "", StringComparison.Ordinal)
            .ToUpperInvariant();
        return plain.EndsWith("TOKEN", StringComparison.Ordinal) ? plain[..^5] : plain;
    }
}
