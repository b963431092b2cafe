namespace IntrospectionAuth.Responses;

/// <summary>What an OAuth error response says (RFC 6749, section 5.2).</summary>
internal readonly struct ErrorResponse(string? code, bool rejectsTokenType)
{
    /// <summary>The error code, where a log may name it; otherwise null.</summary>
    public string? Code { get; } = code;

    /// <summary>Whether it is exactly <c>unsupported_token_type</c>: then the response is about the token.</summary>
    public bool RejectsTokenType { get; } = rejectsTokenType;
}
