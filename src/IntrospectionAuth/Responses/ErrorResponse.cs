namespace IntrospectionAuth.Responses;

/// <summary>An OAuth error response (RFC 6749, section 5.2).</summary>
internal readonly struct ErrorResponse(string? code, bool rejectsTokenType)
{
    /// <summary>The error code, if a log may show it; otherwise null.</summary>
    public string? Code { get; } = code;

    /// <summary>Whether the error is <c>unsupported_token_type</c>, which is about the token.</summary>
    public bool RejectsTokenType { get; } = rejectsTokenType;
}
