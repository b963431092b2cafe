namespace IntrospectionAuth.Challenge;

/// <summary>The error codes of RFC 6750, section 3.1, and of its extensions.</summary>
internal static class ErrorCodes
{
    public const string InvalidRequest = "invalid_request";
    public const string InvalidToken = "invalid_token";
    public const string InsufficientScope = "insufficient_scope";
    public const string InsufficientUserAuthentication = "insufficient_user_authentication"; // RFC 9470, section 3
    public const string InvalidProof = "invalid_dpop_proof"; // RFC 9449, section 7.1
    public const string NonceRequired = "use_dpop_nonce"; // RFC 9449, section 9
}
