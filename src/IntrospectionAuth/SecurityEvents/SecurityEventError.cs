namespace IntrospectionAuth.SecurityEvents;

/// <summary>Why a security event token is refused (RFC 8935, section 2.4).</summary>
/// <param name="Code">The <c>err</c>.</param>
/// <param name="Description">A fixed sentence. It holds nothing of the token.</param>
internal sealed record SecurityEventError(string Code, string Description)
{
    /// <summary>The language of every description.</summary>
    public const string Language = "en";

    public const string InvalidRequest = "invalid_request";
    public const string InvalidKey = "invalid_key";
    public const string InvalidIssuer = "invalid_issuer";
    public const string InvalidAudience = "invalid_audience";
    public const string AuthenticationFailed = "authentication_failed";

    /// <summary>SSF 1.0, section 8.1.4.1.</summary>
    public const string InvalidState = "invalid_state";
}
