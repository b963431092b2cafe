namespace IntrospectionAuth.Responses;

/// <summary>An active response (RFC 7662, section 2.2), parsed and immutable, not yet validated.</summary>
internal sealed class IntrospectionResponse
{
    /// <summary>When the token expires: <c>exp</c>, or <c>expires_in</c> counted from the time of the request.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Whether the response has no usable <c>exp</c>: it lies past year 9999, or there is only <c>expires_in</c>. Then
    /// <see cref="ExpiresAt"/> decides whether the token is valid, but not how long the response is cached.
    /// </summary>
    public bool IsExpiryUncertain { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>The issuer of the token; empty when <c>iss</c> is not a string.</summary>
    public string? Issuer { get; init; }

    public string[] Audiences { get; init; } = [];

    public TokenKind Kind { get; init; }

    /// <summary>The unknown values of <c>token_use</c> and <c>token_usage</c>.</summary>
    public string[] UnknownUses { get; init; } = [];

    /// <summary>What the token is bound to; null when it is not bound (RFC 7800, 8705, 9449).</summary>
    public Confirmation? Confirmation { get; init; }

    /// <summary>Every member but <c>active</c>, in the order of the response, without nulls.</summary>
    public required MemberValue[] Members { get; init; }

    /// <summary>The members as they were last mapped, kept so that they are mapped once.</summary>
    public MappedMembers? Mapped { get; set; }
}
