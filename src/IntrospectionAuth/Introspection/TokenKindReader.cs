namespace IntrospectionAuth.Introspection;

/// <summary>Understands the words by which authorization servers say what kind of token they describe.</summary>
internal static class TokenKindReader
{
    private const string UrnPrefix = "urn:ietf:params:oauth:token-type:"; // RFC 8693, section 3

    public static bool IsTypeMember(string name) => name is "token_type" or "token_use" or "token_usage" or "typ";

    public static TokenKind Read(string word)
    {
        if (word.StartsWith(UrnPrefix, StringComparison.OrdinalIgnoreCase))
            word = word[UrnPrefix.Length..];

        if (word.StartsWith("application/", StringComparison.OrdinalIgnoreCase))
            word = word["application/".Length..]; // RFC 7515, section 4.1.9

        string plain = word.Trim().Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (plain.EndsWith("+jwt", StringComparison.OrdinalIgnoreCase))
            plain = plain[..^4];
        if (plain.EndsWith("token", StringComparison.OrdinalIgnoreCase))
            plain = plain[..^5];

        return plain.ToUpperInvariant() switch
        {
            // Keycloak calls a refresh token that outlives its session "Offline".
            "REFRESH" or "RT" or "OFFLINE" => TokenKind.Refresh,
            "ID" or "SERIALIZEDID" or "LOGOUT" or "AUTHORIZATIONCODE" or "AUTHORIZATION" or "DEVICECODE" or "USERCODE" or "DC" => TokenKind.Other,
            _ => TokenKind.Access,
        };
    }

    /// <summary>The type of tokens that are worth nothing without a DPoP proof (RFC 9449, section 5).</summary>
    public static bool IsDPoP(string word) => word.Equals("DPoP", StringComparison.OrdinalIgnoreCase);

    /// <summary>The types of tokens that are worth nothing without a proof of possession that nobody here understands (RFC 9201, section 5; RFC 6749, section 7.1).</summary>
    public static bool IsBoundOtherwise(string word) => word.ToUpperInvariant() is "POP" or "MAC";
}
