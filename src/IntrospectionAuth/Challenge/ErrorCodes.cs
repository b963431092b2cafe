namespace IntrospectionAuth.Challenge;

/// <summary>The error codes of RFC 6750, section 3.1, and of its extensions.</summary>
internal static class ErrorCodes
{
    public const string InvalidRequest = "invalid_request";
    public const string InvalidToken = "invalid_token";
    public const string InsufficientScope = "insufficient_scope";
    public const string InsufficientUserAuthentication = "insufficient_user_authentication"; // RFC 9470, section 3
}
